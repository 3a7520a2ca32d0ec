"""What toban asks the AWS account for. It needs boto3, which is an extra.

It knows how AWS names things and what its refusals mean; it must not know what the answers are for. Start reading at
`secrets.py`.
"""
