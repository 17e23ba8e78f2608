internal import Glibc
public import Model

/// The directory in which somebody edits a customer repo.
public struct WorkingCopy: Sendable {
    private let directory: String

    public init(_ directory: String) { self.directory = directory }

    /// What was committed last, and what before that; none where the directory is no clone, or one that cannot be read:
    /// what is compared with it is compared without.
    public var formerTrees: [any SourceTree] {
        let mirror = Mirror(path: "\(directory)/.git")
        guard access("\(mirror.path)/HEAD", F_OK) == 0 else { return [] }
        do {
            try GitLibrary.prepare()
            let repository = try RepositoryHandle(path: mirror.path)
            guard let id = try repository.target(of: "HEAD"), let head = try repository.commit(id) else { return [] }
            return ([head.id] + head.parents.prefix(1)).map { GitTree(mirror: mirror, commit: $0) }
        } catch {
            return []
        }
    }
}
