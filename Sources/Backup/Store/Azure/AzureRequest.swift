internal import HostSystem
internal import Model

/// The question for what a blob of Azure has beside its content, which rclone does not tell: sent by curl.
struct AzureRequest: Sendable {
    let curl: CurlRequest

    /// The first one that tells immutability policies is of 2020-06-12; this one every cloud of Azure has.
    private static let version = "2020-08-04"

    init(_ address: AzureAddress, path: String, now: Timestamp, proxy: CurlProxy = .none) {
        let blob = [address.prefix, path].filter { !$0.isEmpty }.joined(separator: "/")
        let whole = "\(address.containerPath)/\(URLPath.escaped(blob))"
        var headers = ["x-ms-version": Self.version]
        var url = address.server + whole
        switch address.access {
        case .signature(let query): url += "?\(query)"
        case .key(let key):
            headers["x-ms-date"] = HTTPDate.text(now)
            headers["authorization"] = key.authorization("HEAD", path: whole, headers: headers)
        }
        curl = CurlRequest(
            flags: ["head"], [("url", url)] + headers.sorted { $0.key < $1.key }.map { ("header", "\($0): \($1)") },
            proxy: proxy)
    }
}

/// What Azure answered: it tells everything in headers.
struct AzureAnswer: Sendable {
    let status: Int
    private let headers: [String: String]

    init(_ answer: CurlAnswer) {
        status = answer.status
        var headers: [String: String] = [:]
        for line in answer.text.split(whereSeparator: \.isNewline) {
            let pair = line.split(separator: ":", maxSplits: 1)
            guard pair.count == 2 else { continue }
            headers[pair[0].lowercased()] = pair[1].trimmingSpaces
        }
        self.headers = headers
    }

    subscript(header: String) -> String? { headers[header] }
}

extension Substring {
    fileprivate var trimmingSpaces: String {
        String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}

extension ObjectLock {
    /// Of the properties of a blob; `nil` when it is not locked.
    init?(_ answer: AzureAnswer) {
        guard let until = answer["x-ms-immutability-policy-until-date"].flatMap(HTTPDate.moment) else { return nil }
        let word = answer["x-ms-immutability-policy-mode"]?.lowercased() ?? "unknown"
        self.init(mode: word == "locked" ? .compliance : .governance, until: until, word: word)
    }
}
