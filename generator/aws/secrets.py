"""A secret of AWS Secrets Manager or of the parameter store of Systems Manager, by a reference that is none."""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

FORMS = (
    "secretsmanager:NAME",
    "secretsmanager:NAME#FIELD",
    "ssm:NAME",
    "arn:aws:secretsmanager:…",
    "arn:aws:ssm:…",
)


class SecretUnreadable(Exception):  # noqa: N818 - the name says what is known
    """Why there is no secret, and what to do. Its text never holds a part of one."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


class _Reference(NamedTuple):
    """`field` is the key of a secret that is a JSON object."""

    service: str
    name: str
    field: str | None
    region: str | None


def secret(reference: str) -> str:
    """The text of the secret; asks AWS with the credentials that boto3 finds."""
    meant = _parsed(reference)
    client = _client(meant)
    text = _asked(client, meant)
    return text if meant.field is None else _field(text, meant)


def _parsed(reference: str) -> _Reference:
    whole, _, field = reference.partition("#")
    parts = whole.split(":")
    if parts[0] == "arn" and len(parts) > 5 and parts[2] in _ASK:
        return _Reference(parts[2], whole, field or None, parts[3] or None)
    service, _, name = whole.partition(":")
    if service not in _ASK or not name:
        raise SecretUnreadable(f"`{reference[:100]}` names no secret", f"write one of {', '.join(FORMS)}")
    return _Reference(service, name, field or None, None)


def _client(meant: _Reference) -> Any:
    try:
        import boto3  # noqa: PLC0415 - an extra, and slow to import
        from botocore.exceptions import BotoCoreError  # noqa: PLC0415 - as above
    except ImportError as error:
        raise SecretUnreadable(
            f"`{meant.service}:{meant.name}` needs boto3, which is not installed", "pip install boto3"
        ) from error
    try:
        return boto3.client(meant.service, region_name=meant.region)
    except BotoCoreError as error:
        hint = "set AWS_REGION, and credentials as for the AWS command line"
        raise SecretUnreadable(f"AWS cannot be asked for `{meant.name}`: {error}", hint) from None


def _asked(client: Any, meant: _Reference) -> str:
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - as above

    try:
        answer = _ASK[meant.service](client, meant.name)
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "unknown")
        hint = f"see that it exists in region {client.meta.region_name} and that the role may {_RIGHT[meant.service]}"
        raise SecretUnreadable(f"AWS refused `{meant.service}:{meant.name}` with {code}", hint) from None
    except BotoCoreError as error:
        hint = "set AWS_REGION, and credentials as for the AWS command line"
        raise SecretUnreadable(f"AWS gave no answer for `{meant.name}`: {error}", hint) from None
    if not isinstance(answer, str) or not answer.strip():
        raise SecretUnreadable(f"`{meant.service}:{meant.name}` holds no text", "store the key as text")
    return answer


def _field(text: str, meant: _Reference) -> str:
    try:
        fields = msgspec.json.decode(text, type=dict[str, Any])
    except (msgspec.DecodeError, RecursionError):
        raise SecretUnreadable(
            f"`{meant.name}` is no JSON object, so it has no `{meant.field}`", "leave `#FIELD` out"
        ) from None
    value = fields.get(str(meant.field))
    if not isinstance(value, str) or not value.strip():
        hint = f"its fields are {', '.join(sorted(fields)[:10])}"
        raise SecretUnreadable(f"`{meant.name}` has no text `{meant.field}`", hint)
    return value


def _of_secrets_manager(client: Any, name: str) -> object:
    return client.get_secret_value(SecretId=name).get("SecretString")


def _of_parameter_store(client: Any, name: str) -> object:
    return client.get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"]


_ASK = {"secretsmanager": _of_secrets_manager, "ssm": _of_parameter_store}
_RIGHT = {"secretsmanager": "secretsmanager:GetSecretValue", "ssm": "ssm:GetParameter and kms:Decrypt"}
