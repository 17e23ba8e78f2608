internal import Crypto
public import Foundation
internal import Processes

/// One request to an S3 server, signed and sent by curl.
struct S3Request {
    var method = "GET"
    /// Bucket and key, unescaped.
    var path: String
    /// Sorted by name: curl signs them as they are.
    var query: [(String, String)] = []
    var headers: [String] = []
    var body: Data?

    func send(to endpoint: String, as key: S3Key) async throws -> S3Answer {
        let scratch = try Scratch()
        let result = try await Command(
            "/usr/bin/curl", try arguments(endpoint, scratch),
            // Not among the arguments, which everybody can read.
            input: Array("user = \"\(key.id):\(key.secret)\"\n".utf8)
        ).run()
        let header = try String(contentsOfFile: "\(scratch.path)/header", encoding: .utf8)
        return S3Answer(
            status: Int(result.text) ?? 0,
            headers: header.split(whereSeparator: \.isNewline).map(String.init),
            body: FileManager.default.contents(atPath: "\(scratch.path)/body") ?? Data())
    }

    private func arguments(_ endpoint: String, _ scratch: Scratch) throws -> [String] {
        var words = [
            "--silent", "--show-error", "--config", "-", "--aws-sigv4", "aws:amz:\(S3Server.region):s3",
            "--dump-header", "\(scratch.path)/header", "--output", "\(scratch.path)/body",
            "--write-out", "%{http_code}", "--request", method,
        ]
        // The curl of Debian 12 does not add it, and a server refuses requests without.
        let digest = SHA256.hash(data: body ?? Data()).map { String(format: "%02x", $0) }.joined()
        for header in headers + ["x-amz-content-sha256: \(digest)"] { words += ["--header", header] }
        if let body {
            try body.write(to: URL(filePath: "\(scratch.path)/input"))
            let md5 = Data(Insecure.MD5.hash(data: body)).base64EncodedString()
            words += ["--header", "Content-MD5: \(md5)", "--header", "Content-Type: application/octet-stream"]
            words += ["--data-binary", "@\(scratch.path)/input"]
        }
        let terms = query.map { "\($0)=\(Self.escape($1))" }.joined(separator: "&")
        let path = path.split(separator: "/").map { Self.escape(String($0)) }.joined(separator: "/")
        return words + ["\(endpoint)/\(path)" + (terms.isEmpty ? "" : "?" + terms)]
    }

    private static func escape(_ text: String) -> String {
        var allowed = CharacterSet(charactersIn: "a"..."z")
        allowed.formUnion(CharacterSet(charactersIn: "A"..."Z"))
        allowed.formUnion(CharacterSet(charactersIn: "0"..."9"))
        allowed.insert(charactersIn: "-_.~")
        return text.addingPercentEncoding(withAllowedCharacters: allowed) ?? text
    }
}

/// What an S3 server answered, success or not.
public struct S3Answer: Sendable {
    public let status: Int
    let headers: [String]
    public let body: Data

    public var text: String { String(decoding: body, as: UTF8.self) }
    /// What the server calls the reason of a refusal, such as `AccessDenied`.
    public var code: String? { Self.element("Code", in: text[...]) }
    /// Of the object or delete marker that was made.
    public var version: String? { header("x-amz-version-id") }

    func header(_ name: String) -> String? {
        headers.first { $0.lowercased().hasPrefix(name + ":") }
            .map { $0.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces) }
    }

    /// Itself when it is a success.
    @discardableResult
    public func checked() throws -> S3Answer {
        guard (200..<300).contains(status) else { throw TestProgramFailure("S3 answered \(status): \(text)") }
        return self
    }

    /// The text of the first element of that name.
    static func element(_ name: String, in text: Substring) -> String? {
        guard let start = text.firstRange(of: "<\(name)>"),
            let end = text[start.upperBound...].firstRange(of: "</\(name)>")
        else { return nil }
        return String(text[start.upperBound..<end.lowerBound])
    }
}
