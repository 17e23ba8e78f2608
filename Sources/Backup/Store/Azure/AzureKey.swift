internal import Crypto
internal import FoundationEssentials

/// The key of a storage account, which signs requests ("Shared Key" of Azure's blob service).
struct AzureKey: Sendable {
    let account: String
    private let key: SymmetricKey

    /// `text`: as Azure shows it, in Base64; `nil` when it is not.
    init?(_ account: String, _ text: String) {
        guard let data = Data(base64Encoded: text), !data.isEmpty else { return nil }
        self.account = account
        key = SymmetricKey(data: data)
    }

    /// The value of `Authorization` for a request without a body. `path` is escaped as it is sent; `headers` are all that
    /// begin with `x-ms-`, in lower case; `query` is not escaped; `length` is that of the content where a header tells it.
    func authorization(
        _ method: String, path: String, query: [String: String] = [:], length: String = "", headers: [String: String]
    ) -> String {
        // Of the content's form and of conditions there is nothing to be signed: their lines are empty.
        let lines =
            [method, "", "", length] + Array(repeating: "", count: 8)
            + headers.sorted { $0.key < $1.key }.map { "\($0):\($1)" }
            + ["/\(account)\(path)"] + query.sorted { $0.key < $1.key }.map { "\($0):\($1)" }
        let code = HMAC<SHA256>.authenticationCode(
            for: Array(lines.joined(separator: "\n").utf8), using: key)
        return "SharedKey \(account):\(Data(code).base64EncodedString())"
    }
}
