"""The tables, and views that show resources by their fields to people with an SQL client."""

from __future__ import annotations

SCHEMA = """
CREATE TABLE IF NOT EXISTS resource (
  type TEXT NOT NULL, id NOT NULL, body TEXT NOT NULL, extra TEXT NOT NULL, digest TEXT,
  PRIMARY KEY (type, id)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS resource_digest ON resource (type, digest);
CREATE INDEX IF NOT EXISTS resource_order ON resource (type, id);
CREATE TABLE IF NOT EXISTS tag (type TEXT NOT NULL, tag TEXT NOT NULL, id NOT NULL,
  PRIMARY KEY (type, tag, id)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS tag_owner ON tag (type, id);
CREATE TABLE IF NOT EXISTS reference (
  target_type TEXT NOT NULL, target_id NOT NULL, type TEXT NOT NULL, id NOT NULL, called TEXT NOT NULL,
  PRIMARY KEY (target_type, target_id, type, id)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS reference_owner ON reference (type, id);
CREATE TABLE IF NOT EXISTS counter (name TEXT PRIMARY KEY, last INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS series (
  id INTEGER PRIMARY KEY, metric TEXT NOT NULL, tags TEXT NOT NULL, kind TEXT NOT NULL, interval INTEGER NOT NULL,
  UNIQUE (metric, tags));
CREATE TABLE IF NOT EXISTS point (series INTEGER NOT NULL, at INTEGER NOT NULL, value REAL NOT NULL,
  PRIMARY KEY (series, at)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS standing (monitor INTEGER PRIMARY KEY, until INTEGER NOT NULL, judged TEXT NOT NULL,
  refusal TEXT NOT NULL, groups TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS notification (id INTEGER PRIMARY KEY, monitor INTEGER NOT NULL, body TEXT NOT NULL,
  posted TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS notification_waiting ON notification (id) WHERE posted = '';
CREATE VIEW IF NOT EXISTS notifications AS SELECT id, monitor,
  json_extract(body, '$.at') AS at,
  json_extract(body, '$.status') AS status,
  json_extract(body, '$.group') AS "group",
  json_extract(body, '$.muted') AS muted,
  json_extract(body, '$.title') AS title,
  json_extract(body, '$.text') AS text
  FROM notification;
CREATE VIEW IF NOT EXISTS monitors AS SELECT id,
  json_extract(body, '$.name') AS name,
  json_extract(body, '$.type') AS type,
  json_extract(body, '$.query') AS query,
  json_extract(body, '$.message') AS message,
  json_extract(body, '$.tags') AS tags,
  json_extract(body, '$.options') AS options,
  json_extract(body, '$.priority') AS priority,
  json_extract(body, '$.overall_state') AS state,
  json_extract(body, '$.created') AS created,
  json_extract(body, '$.modified') AS modified
  FROM resource WHERE type = 'monitor';
CREATE VIEW IF NOT EXISTS dashboards AS SELECT id,
  json_extract(body, '$.title') AS title,
  json_extract(body, '$.description') AS description,
  json_extract(body, '$.layout_type') AS layout_type,
  json_extract(body, '$.widgets') AS widgets,
  json_extract(body, '$.tags') AS tags,
  json_extract(body, '$.created_at') AS created,
  json_extract(body, '$.modified_at') AS modified
  FROM resource WHERE type = 'dashboard';
"""
