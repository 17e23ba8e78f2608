/// The files of a customer repo at one commit, or in a directory that is to become one.
public protocol SourceTree: Sendable {
    /// Every entry below the root, directories left out, sorted by path.
    func entries() throws -> [SourceEntry]
    /// The content of the file at `path`; `nil` when there is none.
    func content(of path: String) throws -> [UInt8]?
}

public struct SourceEntry: Hashable, Sendable {
    public enum Kind: String, Sendable { case file, executable, symlink, submodule }

    /// Relative to the root, parts separated by `/`.
    public let path: String
    public let kind: Kind
    /// In bytes.
    public let size: Int64
    /// Equal for equal contents; `nil` where it takes reading them.
    public let object: String?

    public init(path: String, kind: Kind, size: Int64, object: String? = nil) {
        self.path = path
        self.kind = kind
        self.size = size
        self.object = object
    }
}

/// What every customer repo has in common.
public enum CustomerRepository {
    /// What a host looks at, by the names at its root.
    public static let usedAtRoot: Set<String> = [
        "plan.json", "hosts", "files", "images", "secrets.json", "secrets.json.age",
    ]
}
