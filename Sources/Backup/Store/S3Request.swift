internal import HostSystem

/// One question to an S3 server, which rclone cannot ask: signed and sent by curl.
struct S3Request: Sendable {
    let curl: CurlRequest

    /// About the object at `path`, or about the bucket.
    init(_ address: S3Address, path: String?, query: String, proxy: CurlProxy = .none) {
        let key = path.map { path in
            "/" + URLPath.escaped([address.prefix, path].filter { !$0.isEmpty }.joined(separator: "/"))
        }
        // The curl of Debian 12 signs a query only in this form, and does not add the hash of an empty body itself.
        var options = [
            ("url", "\(address.url)\(key ?? "")?\(query)="), ("user", "\(address.key):\(address.secret)"),
            ("aws-sigv4", "aws:amz:\(address.region):s3"), ("header", "x-amz-content-sha256: \(Self.hashOfNothing)"),
        ]
        if let token = address.token { options.append(("header", "x-amz-security-token: \(token)")) }
        curl = CurlRequest(options, proxy: proxy)
    }

    private static let hashOfNothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
}

/// What an S3 server answered, success or not.
struct S3Answer: Sendable {
    let status: Int
    private let body: String

    init(_ answer: CurlAnswer) {
        status = answer.status
        body = answer.text
    }

    /// The text of the first element of that name.
    subscript(element: String) -> String? {
        guard let start = body.firstRange(of: "<\(element)>"),
            let end = body[start.upperBound...].firstRange(of: "</\(element)>")
        else { return nil }
        return String(body[start.upperBound..<end.lowerBound])
    }
}
