internal import Planning
internal import Processes

/// One question to an S3 server, which rclone cannot ask: signed and sent by curl.
struct S3Request: Sendable {
    /// What curl reads on its standard input: the key must not be among its arguments.
    let configuration: String

    /// About the object at `path`, or about the bucket.
    init(_ address: S3Address, path: String?, query: String, proxy: CurlProxy = .none) {
        let key = path.map { path in
            "/" + [address.prefix, path].filter { !$0.isEmpty }.joined(separator: "/").utf8.map(Self.escaped).joined()
        }
        // The curl of Debian 12 signs a query only in this form, and does not add the hash of an empty body itself.
        var lines = [
            ("url", "\(address.url)\(key ?? "")?\(query)="), ("user", "\(address.key):\(address.secret)"),
            ("aws-sigv4", "aws:amz:\(address.region):s3"), ("header", "x-amz-content-sha256: \(Self.hashOfNothing)"),
        ]
        if let token = address.token { lines.append(("header", "x-amz-security-token: \(token)")) }
        lines += [("connect-timeout", "15"), ("max-time", "60"), ("write-out", "\n%{http_code}")]
        configuration = "silent\nshow-error\n" + CurlProxy.text(lines + proxy.lines)
    }

    private static let hashOfNothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    private static func escaped(_ byte: UInt8) -> String {
        let character = Character(Unicode.Scalar(byte))
        if byte < 128, character.isLetter || character.isNumber || "-_.~/".contains(character) {
            return String(character)
        }
        return "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }
}

/// What an S3 server answered, success or not.
struct S3Answer: Sendable {
    let status: Int
    private let body: String

    /// The body, then a line with the status.
    init(_ text: String) {
        let end = text.lastIndex(of: "\n") ?? text.startIndex
        status = Int(text[end...].drop { $0 == "\n" }) ?? 0
        body = String(text[..<end])
    }

    /// The text of the first element of that name.
    subscript(element: String) -> String? {
        guard let start = body.firstRange(of: "<\(element)>"),
            let end = body[start.upperBound...].firstRange(of: "</\(element)>")
        else { return nil }
        return String(body[start.upperBound..<end.lowerBound])
    }
}

extension BackupStore {
    func send(_ request: S3Request, to purpose: String) async throws(HostError) -> S3Answer {
        guard let curl = Command.find("curl", path: configuration.commandPath) else {
            throw HostError.notInstalled("curl")
        }
        do {
            // Without -q it would read the administrator's own settings first.
            let result = try await Command(
                curl, ["-q", "-K", "-"], input: Array(request.configuration.utf8), deadline: .seconds(90),
                outputLimit: 1 << 20
            ).run()
            return S3Answer(result.text)
        } catch {
            throw failure(of: error, to: purpose)
        }
    }
}
