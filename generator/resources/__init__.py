"""One module a Datadog resource type: endpoint, ids, normalisation, references, what makes it a replace.

Payloads in, payloads out; it must not know plans or HTTP. Start reading at `types.py`.
"""
