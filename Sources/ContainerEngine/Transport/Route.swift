internal import AsyncHTTPClient
internal import FoundationEssentials
internal import Model
internal import NIOHTTP1

/// One call of the API.
struct Route: Sendable {
    enum Content: Sendable {
        case none
        case json([UInt8])
        case tar(HTTPClientRequest.Body)
    }

    enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
        case delete = "DELETE"
    }

    var method: Method
    /// Below the peer's prefix, encoded.
    var path: String
    var query: [(name: String, value: String)] = []
    var headers: [(String, String)] = []
    var content = Content.none
    /// Of Docker's API, which other engines serve beside their own.
    var isCompatible = false
    /// What it attempts, for errors: `start container 'x'`.
    var action: String

    init(_ method: Method, _ path: String, _ action: String) { self.init(method, path, [:], action) }

    init(_ method: Method, _ path: String, _ query: KeyValuePairs<String, String>, _ action: String) {
        self.method = method
        self.path = path
        self.query = query.map { ($0.key, $0.value) }
        self.action = action
    }

    func with(json: some Encodable) throws(EngineError) -> Route {
        var route = self
        do {
            route.content = .json([UInt8](try JSONEncoder().encode(json)))
        } catch {
            throw EngineError(.malformed, "cannot \(action): the request cannot be written as JSON")
        }
        return route
    }

    /// Whether doing it twice is the same as once, so that it may be sent again when the service left meanwhile.
    var isRepeatable: Bool {
        guard case .none = content else { return false }
        return method != .post || path.hasSuffix("/start") || path.hasSuffix("/stop")
    }

    /// `filters` as the API takes them.
    static func filters(_ name: String, _ value: String) -> String { filters([name: [value]]) }

    static func filters(_ values: [String: [String]]) -> String {
        let bytes = (try? JSONEncoder().encode(values)) ?? Data()
        return String(decoding: bytes, as: UTF8.self)
    }

    /// `text` as one segment of a path or as a query's value.
    static func encoded(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                result.append(Character(Unicode.Scalar(byte)))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                result += digits.count == 1 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return result
    }

    func request(socket: String, prefix: String) -> HTTPClientRequest {
        let pairs = query.map { "\($0.name)=\(Self.encoded($0.value))" }.joined(separator: "&")
        let uri = prefix + path + (pairs.isEmpty ? "" : "?" + pairs)
        var request = HTTPClientRequest(url: "http+unix://\(Self.encoded(socket))\(uri)")
        // The client would send none for a socket, and Go's server refuses a request without it.
        request.headers.add(name: "Host", value: "podman")
        request.method = HTTPMethod(rawValue: method.rawValue)
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        switch content {
        case .none: break
        case .json(let bytes):
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(bytes)
        case .tar(let body):
            request.headers.add(name: "Content-Type", value: "application/x-tar")
            request.body = body
        }
        return request
    }
}

/// A whole answer.
struct Answer: Sendable {
    let status: Int
    let body: [UInt8]

    func decoded<Value: Decodable>(_ type: Value.Type, _ action: String) throws(EngineError) -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(body.withoutCrowds))
        } catch {
            throw EngineError(error, action)
        }
    }
}
