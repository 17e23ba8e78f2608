public import Model

/// Git did not do what was asked: what was attempted, on what, why it failed, what to do next.
public struct GitFailure: Actionable, Hashable, Codable {
    public enum Kind: String, Sendable, Codable {
        /// No answer, or none in time: name resolution, connection, deadline.
        case network
        /// The server wants other credentials.
        case authentication
        /// The server's ssh key or TLS certificate is not the one that is trusted.
        case identity
        /// No such repository, branch or commit.
        case notFound
        /// The server answered something that is not git, or broke off.
        case server
        /// The pack is larger than the limit.
        case packLimit
        /// The mirror on this host is damaged.
        case corrupt
        /// This host is at fault: disk, permissions, a program that is missing.
        case local
        /// The configuration is at fault: a URL, a key file, a branch name.
        case configuration
        /// The content of the commit is not accepted.
        case content
    }

    public let kind: Kind
    public let message: String
    public let hint: String

    public init(_ kind: Kind, _ message: String, hint: String = "") {
        self.kind = kind
        self.message = message
        self.hint = hint
    }

    /// What lies with servers or this host may pass by itself; what was written down stays as it is.
    public var disposition: Disposition {
        switch kind {
        case .network, .authentication, .identity, .notFound, .server, .corrupt, .local: .transient
        case .packLimit, .configuration, .content: .permanent
        }
    }
}
