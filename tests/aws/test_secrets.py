"""Keys out of AWS Secrets Manager and the parameter store, and what is said where there are none."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from generator.aws.secrets import SecretUnreadable, secret

boto3 = pytest.importorskip("boto3", reason="boto3 is an extra")
moto = pytest.importorskip("moto", reason="moto plays AWS")
KEY = "0123456789abcdef0123456789abcdef"


@pytest.fixture(autouse=True)
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """ARNs by name."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "ap-northeast-1")
    with moto.mock_aws():
        secrets, parameters = boto3.client("secretsmanager"), boto3.client("ssm")
        plain = secrets.create_secret(Name="datadog/plain", SecretString=KEY)["ARN"]
        secrets.create_secret(Name="datadog/both", SecretString=f'{{"api": "{KEY}", "number": 1}}')
        secrets.create_secret(Name="datadog/bytes", SecretBinary=KEY.encode())
        parameters.put_parameter(Name="/datadog/api", Value=KEY, Type="SecureString")
        arn = parameters.get_parameter(Name="/datadog/api")["Parameter"]["ARN"]
        yield {"plain": plain, "parameter": arn}


@pytest.mark.parametrize(
    "reference", ["secretsmanager:datadog/plain", "secretsmanager:datadog/both#api", "ssm:/datadog/api"]
)
def test_a_key_is_read_by_its_name(reference: str) -> None:
    assert secret(reference) == KEY


@pytest.mark.parametrize("which", ["plain", "parameter"])
def test_a_key_is_read_by_its_arn(which: str, account: dict[str, str]) -> None:
    assert secret(account[which]) == KEY


@pytest.mark.parametrize(
    ("reference", "told"),
    [
        ("secretsmanager:nothing", "ResourceNotFoundException"),
        ("ssm:/nothing", "ParameterNotFound"),
        ("secretsmanager:datadog/both#app", "its fields are api, number"),
        ("secretsmanager:datadog/both#number", "has no text"),
        ("secretsmanager:datadog/plain#api", "no JSON object"),
        ("secretsmanager:datadog/bytes", "holds no text"),
        ("vault:x", "names no secret"),
        ("ssm:", "names no secret"),
        ("arn:aws:s3:::bucket", "names no secret"),
        ("", "names no secret"),
    ],
)
def test_what_is_no_key_is_told_without_a_part_of_one(reference: str, told: str) -> None:
    with pytest.raises(SecretUnreadable) as caught:
        secret(reference)
    words = f"{caught.value} {caught.value.hint}"
    assert told in words
    assert (
        KEY not in f"{words}{caught.value.__cause__!r}{caught.value.__context__ and caught.value.__suppress_context__}"
    )


def test_without_a_region_a_person_is_told_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    with pytest.raises(SecretUnreadable) as caught:
        secret("ssm:/datadog/api")
    assert "AWS_REGION" in caught.value.hint
