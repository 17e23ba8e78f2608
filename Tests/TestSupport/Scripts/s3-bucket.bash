#!/bin/bash
# s3-bucket.bash ENDPOINT BUCKET DAYS: makes a bucket that locks what it takes for DAYS days; KEY:SECRET of its owner comes
# on standard input.
set -euo pipefail
endpoint=$1 bucket=$2 days=$3
read -r key

request() { # PATH BODY [HEADER]
    curl --silent --show-error --fail --output /dev/null --request PUT --config - --aws-sigv4 aws:amz:us-east-1:s3 \
        --header "x-amz-content-sha256: $(printf %s "$2" | sha256sum | cut -d ' ' -f 1)" \
        --header "Content-MD5: $(printf %s "$2" | openssl md5 -binary | base64)" \
        --header 'Content-Type: application/octet-stream' ${3:+--header "$3"} --data-binary "$2" "$endpoint/$1" \
        <<<"user = \"$key\""
}

request "$bucket" '' 'x-amz-bucket-object-lock-enabled: true'
request "$bucket?object-lock=" "<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule>\
<DefaultRetention><Mode>COMPLIANCE</Mode><Days>$days</Days></DefaultRetention></Rule></ObjectLockConfiguration>"
