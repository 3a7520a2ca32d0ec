"""What `toban render` prints of a rendering."""

from __future__ import annotations

from generator.render.model import Rendering, Resource
from generator.report.rendering_text import rendering_text

ONE = Resource("main/api/one/production", "monitor", {"name": "One"}, "monitors/api.yaml", 3)


def test_resources_are_counted_in_words_that_fit() -> None:
    counted = [rendering_text(Rendering("main", (ONE,) * count, ())).splitlines()[-1] for count in (0, 1, 2)]
    assert counted == ["0 resources", "1 resource", "2 resources"]
