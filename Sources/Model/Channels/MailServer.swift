/// A mail server and how it is spoken to, from the URL in a plan.
public struct MailServer: Hashable, Sendable {
    public enum Security: String, Sendable {
        /// TLS from the start.
        case tls = "smtps"
        /// STARTTLS, which the server must offer.
        case startTLS = "smtp"
        /// No encryption, and so no login.
        case none = "smtp+plain"

        var standardPort: UInt16 {
            switch self {
            case .tls: 465
            case .startTLS: 587
            case .none: 25
            }
        }
    }

    public let security: Security
    /// A name or an address; of IPv6 without brackets.
    public let host: String
    public let port: UInt16

    /// `nil` when `url` is not the URL of a mail server.
    public init?(_ url: String) {
        let name = /(?<scheme>smtps|smtp|smtp\+plain):\/\/(?<host>[A-Za-z0-9][A-Za-z0-9.-]*)(?<port>:[0-9]{1,5})?\/?/
        let address = /(?<scheme>smtps|smtp|smtp\+plain):\/\/\[(?<host>[0-9a-fA-F:.]+)\](?<port>:[0-9]{1,5})?\/?/
        let parts = url.wholeMatch(of: name)?.output ?? url.wholeMatch(of: address)?.output
        guard let parts, let security = Security(rawValue: String(parts.scheme)) else { return nil }
        let port = parts.port.map { UInt16($0.dropFirst()) } ?? security.standardPort
        guard let port, port > 0 else { return nil }
        self.security = security
        host = String(parts.host)
        self.port = port
    }
}
