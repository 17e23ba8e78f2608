internal import Clibgit2
internal import Planning

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
