internal import Glibc
internal import Model

/// Writes entries of a commit as files below a directory that it makes; nothing else can be reached from there, since
/// it makes no links and takes no name that leads up.
struct ExportWriter {
    let root: String
    let commit: CommitID
    let limits: TreeLimits

    func write(_ entries: [WalkedEntry], from repository: borrowing RepositoryHandle) throws {
        let database = try DatabaseHandle(of: repository)
        try accept(entries, in: database)
        var made: Set<String> = []
        try makeDirectory("", &made)
        for entry in entries {
            for depth in 1..<entry.parts.count {
                try makeDirectory(entry.parts.prefix(depth).joined(separator: "/"), &made)
            }
            let mode: mode_t = entry.kind == .executable ? 0o555 : 0o444
            try ObjectHandle(entry.id, in: database).withBytes { try writeFile($0, to: "\(root)/\(entry.path)", mode) }
        }
    }

    /// All of it or nothing: refused before the first file is written.
    private func accept(_ entries: [WalkedEntry], in database: borrowing DatabaseHandle) throws {
        var sizes = ObjectSizes()
        var total: Int64 = 0
        for entry in entries {
            if let fault = Self.fault(of: entry) { throw refused("'\(entry.path)' \(fault)") }
            let size = try sizes.size(of: entry.id, in: database).size
            guard size <= limits.file.bytes else {
                throw refused("'\(entry.path)' is larger than \(limits.file.rounded)")
            }
            total += size
            guard total <= limits.total.bytes else {
                throw refused("the files are larger than \(limits.total.rounded)")
            }
        }
        try requireSpace(for: total)
    }

    /// The disk is the containers' too.
    private func requireSpace(for total: Int64) throws {
        var status = statvfs()
        let parent = String(root.prefix(upTo: root.lastIndex(of: "/") ?? root.endIndex))
        guard statvfs(parent, &status) == 0 else { throw Directory.failure("look at", parent) }
        let free = Int64(clamping: UInt64(status.f_bavail) * UInt64(status.f_frsize))
        guard free - total < Self.reserve else { return }
        throw GitFailure(
            .local,
            "cannot export the files of commit '\(commit.short)': they take \(ByteCount(bytes: total).rounded) in "
                + "'\(parent)', where \(ByteCount(bytes: free).rounded) are free", hint: "free space there")
    }

    /// That an export leaves free, in bytes.
    private static let reserve: Int64 = 64 << 20

    private static func fault(of entry: WalkedEntry) -> String? {
        switch entry.kind {
        case .symlink: return "is a symbolic link"
        case .submodule: return "is a submodule"
        case .file, .executable: break
        }
        guard entry.parts.count > 1 else { return "is a file, not a directory" }
        let isEscape = entry.parts.contains { [".", "..", ".git"].contains($0.lowercased()) }
        let isStrange = entry.path.unicodeScalars.contains { $0.properties.generalCategory == .control }
        return isEscape || isStrange ? "has a name that is not accepted" : nil
    }

    private func makeDirectory(_ path: String, _ made: inout Set<String>) throws {
        guard made.insert(path).inserted else { return }
        let path = path.isEmpty ? root : "\(root)/\(path)"
        // Containers read as their own user, whatever our umask is.
        guard mkdir(path, 0o755) == 0, chmod(path, 0o755) == 0 else { throw Directory.failure("create", path) }
    }

    private func writeFile(_ bytes: UnsafeRawBufferPointer, to path: String, _ mode: mode_t) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Directory.failure("create", path) }
        defer { close(descriptor) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            guard count > 0 else { throw Directory.failure("write", path) }
            rest = rest.dropFirst(count)
        }
        guard fchmod(descriptor, mode) == 0 else { throw Directory.failure("change the mode of", path) }
    }

    private func refused(_ why: String) -> GitFailure {
        GitFailure(
            .content, "cannot export the files of commit '\(commit.short)': \(why)", hint: "remove it in a new commit")
    }
}
