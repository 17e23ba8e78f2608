internal import FoundationEssentials
internal import Glibc
public import Model

/// The files of a local directory that is, or is to become, a customer repo.
///
/// `.git` at the root is left out, a nested repository is a submodule, symbolic links are never followed,
/// and pipes, sockets and devices are left out as git does. Files that git would ignore are included.
public struct DirectoryTree: SourceTree {
    public let root: String

    public init(root: String) { self.root = root }

    public func entries() throws -> [SourceEntry] {
        var walk = DirectoryWalk(root: root)
        try walk.visit("", depth: 0)
        return walk.entries.sorted { $0.path < $1.path }
    }

    public func content(of path: String) throws -> [UInt8]? {
        guard RepositoryPath(path) != nil, let status = try plainFile(path) else { return nil }
        guard status.st_size <= DirectoryWalk.largestFile else {
            throw DirectoryProblem(
                path: path, reason: "is larger than \(DirectoryWalk.largestFile / 1_048_576) MiB",
                hint: "keep large files out of the customer repo")
        }
        guard let data = FileManager.default.contents(atPath: absolute(path)) else {
            throw DirectoryProblem(path: path, reason: "cannot be read", hint: "check its permissions")
        }
        return [UInt8](data)
    }

    /// `nil` unless it is a regular file that is reached without a symbolic link.
    private func plainFile(_ path: String) throws -> stat? {
        var reached = ""
        let parts = path.pathParts
        for part in parts.dropLast() {
            reached += "/\(part)"
            guard let status = DirectoryWalk.status(root + reached), status.isDirectory else { return nil }
        }
        guard let status = DirectoryWalk.status(absolute(path)), status.isRegular else { return nil }
        return status
    }

    private func absolute(_ path: String) -> String { "\(root)/\(path)" }
}

/// A directory that cannot be read as a customer repo.
struct DirectoryProblem: Actionable {
    let path: String
    let reason: String
    let hint: String

    var message: String { "cannot read '\(path)': it \(reason)" }
    var disposition: Disposition { .permanent }
}

/// A bounded walk: a wrong argument (`/`, a home directory) must end with an error, not run for hours.
private struct DirectoryWalk {
    static let mostEntries = 100_000
    static let deepest = 64
    static let largestFile = 256 * 1_048_576

    let root: String
    var entries: [SourceEntry] = []

    static func status(_ path: String) -> stat? {
        var status = stat()
        return lstat(path, &status) == 0 ? status : nil
    }

    mutating func visit(_ directory: String, depth: Int) throws {
        guard depth <= Self.deepest else {
            throw DirectoryProblem(
                path: directory, reason: "is nested deeper than \(Self.deepest) directories",
                hint: "name the directory of a customer repo")
        }
        for name in try names(in: directory) where !(directory.isEmpty && name == ".git") {
            try visit(entry: directory.isEmpty ? name : "\(directory)/\(name)", depth: depth)
        }
    }

    private func names(in directory: String) throws -> [String] {
        let path = directory.isEmpty ? root : "\(root)/\(directory)"
        do {
            return try FileManager.default.contentsOfDirectory(atPath: path).sorted()
        } catch {
            throw DirectoryProblem(
                path: path, reason: Self.status(path) == nil ? "does not exist" : "is not a readable directory",
                hint: "name the directory of a customer repo")
        }
    }

    /// As a host refuses it of a commit.
    private func checkName(_ path: String) throws {
        guard let top = path.pathParts.first, CustomerRepository.usedAtRoot.contains(top),
            let scalar = path.ambiguousScalar
        else { return }
        throw DirectoryProblem(
            path: path, reason: "can be taken for another name ('\(path.showing(scalar))')",
            hint: Unicode.Scalar.ambiguityHint)
    }

    private mutating func visit(entry path: String, depth: Int) throws {
        guard entries.count < Self.mostEntries else {
            throw DirectoryProblem(
                path: root, reason: "has more than \(Self.mostEntries) files",
                hint: "name the directory of a customer repo")
        }
        guard let status = Self.status("\(root)/\(path)") else { return }
        try checkName(path)
        switch status.st_mode & S_IFMT {
        case S_IFDIR where Self.status("\(root)/\(path)/.git") != nil:
            entries.append(SourceEntry(path: path, kind: .submodule, size: 0))
        case S_IFDIR: try visit(path, depth: depth + 1)
        case S_IFLNK: entries.append(SourceEntry(path: path, kind: .symlink, size: Int64(status.st_size)))
        case S_IFREG:
            let kind: SourceEntry.Kind = status.st_mode & S_IXUSR == 0 ? .file : .executable
            entries.append(SourceEntry(path: path, kind: kind, size: Int64(status.st_size)))
        default: break
        }
    }
}

extension stat {
    fileprivate var isDirectory: Bool { st_mode & S_IFMT == S_IFDIR }
    fileprivate var isRegular: Bool { st_mode & S_IFMT == S_IFREG }
}
