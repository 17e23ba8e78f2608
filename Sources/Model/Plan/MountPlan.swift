/// A share of the customer's that Fairlead mounts for a backup target.
public struct MountPlan: Codable, Hashable, Sendable {
    public enum Kind: String, Codable, Sendable {
        case nfs, smb
    }

    public var type: Kind
    /// `HOST:/export` or `//HOST/share`.
    public var source: String
    /// Beside those that every mount has.
    public var options: [String]
    /// Of SMB.
    public var username: SecretText?
    public var password: SecretText?
    /// Of the user, in SMB.
    public var domain: String?

    public init(
        type: Kind, source: String, options: [String] = [], username: SecretText? = nil,
        password: SecretText? = nil, domain: String? = nil
    ) {
        self.type = type
        self.source = source
        self.options = options
        self.username = username
        self.password = password
        self.domain = domain
    }

    /// Below it every mount of Fairlead's lies. Nothing removes anything there recursively, as a purge or a restore could
    /// elsewhere: it would be the customer's backups.
    public static let root = "/mnt/fairlead"

    /// Where it is mounted for backup target `name`. Another source or user has another place, so that a plan that is
    /// refused has not touched the mount of the deployed one.
    public func place(of name: String) -> String { "\(Self.root)/\(name)-\(digest.prefix(8))" }

    private var digest: String {
        var digest = ContentDigest()
        let texts = [type.rawValue, source, username?.source ?? "", password?.source ?? "", domain ?? ""]
        for text in texts + options { digest.add(text) }
        return digest.hex
    }
}
