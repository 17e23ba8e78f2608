/// What a data directory was when what is deployed last worked with it: by this it is told from another one in its place.
public struct DataMark: Codable, Hashable, Sendable {
    public var fileSystem: FileSystemMark
    public var inode: UInt64
    /// In nanoseconds since 1970, where the file system knows it: the inode of a removed directory is given to a new one.
    public var made: Int64?
    /// Whether anything was in it at any time of its use.
    public var held: Bool
    /// An operator ended its use by `fairlead teardown`, the stack was given to another host, or a deployment fills it:
    /// what lies in its place from then on was put there.
    public var released: Bool
    /// Its last `fairlead adopt`.
    public var adopted: Adoption?

    /// An operator's word that a directory is the stack's, in place of another one.
    public struct Adoption: Codable, Hashable, Sendable {
        public var at: Timestamp
        /// What the directory of before was, for people.
        public var from: String

        public init(at: Timestamp, from: String) {
            self.at = at
            self.from = from
        }
    }

    public init(
        fileSystem: FileSystemMark, inode: UInt64, made: Int64? = nil, held: Bool = false, released: Bool = false,
        adopted: Adoption? = nil
    ) {
        self.fileSystem = fileSystem
        self.inode = inode
        self.made = made
        self.held = held
        self.released = released
        self.adopted = adopted
    }

    /// Whether both are looks at one directory, whatever lies in it.
    public func isSameDirectory(as other: Self) -> Bool {
        guard fileSystem.isSame(as: other.fileSystem), inode == other.inode else { return false }
        guard let made, let theirs = other.made else { return true }
        return made == theirs
    }

    /// For people.
    public var words: String { "inode \(inode) of file system '\(fileSystem.words)'" }
}

/// What happened to a data directory since what is deployed last worked with it.
public enum DataChange: String, Hashable, Sendable {
    case missing
    /// Another directory lies in its place, such as the mount point of a disk that is not mounted.
    case replaced
    /// It held something, and nothing is in it.
    case emptied
    /// A link or a file lies in its place, or in that of the directory that it is in. A link that leads to another directory counts as `replaced`.
    case blocked
    /// It cannot be looked at: nobody knows what became of it.
    case unreadable

    /// For people, of one that is blocked.
    public static let unblocking =
        "move it away and bring the directory back; what a link leads to is mounted there instead ('mount --bind')"

    /// For people: the only way where nobody's word can make it right; `nil` where `fairlead adopt` can.
    public var onlyWay: String? {
        switch self {
        case .missing, .replaced, .emptied: nil
        case .blocked: Self.unblocking
        case .unreadable: "'journalctl -k' tells what is wrong with its disk; mend it, or mount it anew"
        }
    }

    /// For people, after the directory's name.
    public var words: String {
        switch self {
        case .missing: "is missing"
        case .replaced: "is another directory than it was"
        case .emptied: "held data and is empty"
        case .blocked: "has a link or a file in its place or above it"
        case .unreadable: "cannot be read"
        }
    }
}
