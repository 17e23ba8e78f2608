internal import Glibc

/// The bare repository in the state directory, as files.
struct Mirror: Sendable {
    let path: String
    /// Each fetch leaves a pack; past this many the mirror is cloned anew, since libgit2 cannot repack.
    private static let packLimit = 100

    /// Where a branch of the customer repo stands in the mirror.
    static func reference(of branch: String) -> String { "refs/remotes/origin/\(branch)" }

    /// Below it are the signed tags that were asked for.
    static let tags = "refs/fairlead"

    var parent: String { String(path.prefix(upTo: path.lastIndex(of: "/") ?? path.startIndex)) }
    var lockFile: String { "\(path).lock" }
    /// Where a new mirror grows, and where the old one waits for its removal.
    var next: String { "\(path).next" }
    private var previous: String { "\(path).previous" }

    var packs: [String] { Directory.names(in: "\(path)/objects/pack").filter { $0.hasSuffix(".pack") } }

    var isCrowded: Bool { packs.count >= Self.packLimit }

    /// Changes with every change of a pack.
    var packStates: [String] {
        packs.sorted().map { name in
            var status = stat()
            guard lstat("\(path)/objects/pack/\(name)", &status) == 0 else { return name }
            return "\(name) \(status.st_size) \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
        }
    }

    /// Removes what a killed fetch left: locks, which would stop every later fetch, and partial packs.
    /// Only for the holder of the mirror's lock.
    func sweep() {
        Directory.remove(next)
        Directory.remove(previous)
        for name in Directory.names(in: "\(path)/objects/pack")
        where !name.hasSuffix(".pack") && !name.hasSuffix(".idx") {
            unlink("\(path)/objects/pack/\(name)")
        }
        for file in Directory.files(below: path) where file.hasSuffix(".lock") { unlink(file) }
    }

    /// Puts the new mirror in place of the old one.
    func adoptNext() throws(GitFailure) {
        try Directory.sync(below: next)
        if access(path, F_OK) == 0 { try move(path, to: previous) }
        try move(next, to: path)
        try Directory.sync(parent)
        Directory.remove(previous)
    }

    /// Puts in its place what an older version of Fairlead kept at `path`. Where that does not work it is cloned anew.
    func takeOver(from path: String) {
        guard Directory.isDirectory(path), access(self.path, F_OK) != 0 else { return }
        mkdir(parent, 0o700)
        rename(path, self.path)
        unlink("\(path).lock")
    }

    private func move(_ old: String, to new: String) throws(GitFailure) {
        guard rename(old, new) == 0 else { throw Directory.failure("rename", old) }
    }
}
