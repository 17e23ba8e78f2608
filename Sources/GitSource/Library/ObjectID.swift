internal import Clibgit2
internal import Model

/// An id as a key of a dictionary.
struct ObjectKey: Hashable {
    private let words: (UInt64, UInt64, UInt32)

    init(_ id: git_oid) {
        words = withUnsafeBytes(of: id) { bytes in
            (
                bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self),
                bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self),
                bytes.loadUnaligned(fromByteOffset: 16, as: UInt32.self)
            )
        }
    }

    static func == (left: Self, right: Self) -> Bool { left.words == right.words }

    func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
        hasher.combine(words.2)
    }
}

extension git_oid {
    /// `nil` for ids that this libgit2 cannot hold (SHA-256).
    init?(_ id: CommitID) {
        self.init()
        guard id.hex.utf8.count == 40, git_oid_fromstr(&self, id.hex) == 0 else { return nil }
    }

    var hex: String {
        var copy = self
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 41) { buffer in
            guard let base = buffer.baseAddress, let text = git_oid_tostr(base, 41, &copy) else { return "" }
            return String(cString: text)
        }
    }

    var commit: CommitID? { CommitID(hex) }
}
