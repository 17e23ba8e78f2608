public import Files
internal import Glibc
internal import Model
internal import Processes

extension BackupStore {
    /// Uploads the file `file` of this host as `path`, replacing what is there; returns when the store has it whole.
    ///
    /// What arrived is checked: by the hash that the store itself makes, else by reading it back. A broken upload leaves
    /// nothing at `path`, or what was there. `progress` is told the bytes that are sent, about once a second.
    public func put(
        file: String, as path: String, progress: @escaping @Sendable (Int64) -> Void = { _ in }
    ) async throws(HostError) {
        try await put(file: file, as: path, on: features(), progress: progress)
    }

    /// As above; `features` are those of this store, asked for once for many files.
    func put(
        file: String, as path: String, on features: StoreFeatures,
        progress: @escaping @Sendable (Int64) -> Void = { _ in }
    ) async throws(HostError) {
        try check(path)
        try await requireMount()
        try await createDirectory()
        guard !features.writesWhole else {
            try await send(file, to: path, named: path, features, progress)
            return try await verify(file, at: path, named: path, features)
        }
        let temporary = Self.temporary(for: path)
        do {
            try await send(file, to: temporary, named: path, features, progress)
            try await verify(file, at: temporary, named: path, features)
            try await move(temporary, to: path)
        } catch {
            // The next upload replaces what this cannot remove.
            _ = try? await rclone(
                ["deletefile", remotePath(temporary)], to: "remove '\(temporary)'",
                deadline: min(.seconds(15), stallLimit))
            try? await removeStrayUploads()
            throw error
        }
        try await sync(path)
    }

    private func send(
        _ file: String, to path: String, named shown: String, _ features: StoreFeatures,
        _ progress: @escaping @Sendable (Int64) -> Void
    ) async throws(HostError) {
        let arguments = ["copyto", "--ignore-times", "--multi-thread-streams", "0"] + bandwidthLimit
        let size = try Self.size(of: file)
        try await transfer(
            arguments + [file, remotePath(path)], files: [file], to: "upload '\(shown)'", deadline: deadline(for: size),
            stall: stallLimit(whileBuffering: features.writesWhole), progress: progress)
    }

    private func move(_ temporary: String, to path: String) async throws(HostError) {
        let purpose = "put '\(path)' in place"
        let arguments = ["moveto", "--ignore-times", remotePath(temporary), remotePath(path)]
        guard try await rclone(arguments, to: purpose) == nil else { return }
        throw failure(RcloneLog(tail: "'\(temporary)' has gone"), to: purpose)
    }

    private func verify(
        _ file: String, at path: String, named shown: String, _ features: StoreFeatures
    ) async throws(HostError) {
        if case .directory = target.store { try await syncFile(path) } else if features.hasHashes { return }
        try await compare(file, with: path, named: shown)
    }

    var bandwidthLimit: [String] { target.bandwidth.map { ["--bwlimit", "\($0.bytes)B:off"] } ?? [] }

    /// Another name in the same directory, which never counts as an entry.
    private static func temporary(for path: String) -> String {
        let parent = PathName.directory(of: path)
        return (parent == "." ? "" : parent + "/") + ".\(PathName.name(of: path)).partial"
    }

    static func isTemporary(_ name: String) -> Bool { name.hasPrefix(".") && name.hasSuffix(".partial") }

    static func size(of file: String) throws(HostError) -> Int64 {
        Int64(try Descriptor(file, O_RDONLY).status().st_size)
    }
}
