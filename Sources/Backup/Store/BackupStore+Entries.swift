public import Files
internal import FoundationEssentials
internal import Processes

/// A file or a directory of a store.
public struct StoredEntry: Hashable, Sendable {
    /// Relative to the directory that was asked for.
    public let path: String
    public let isDirectory: Bool
    /// 0 for a directory.
    public let bytes: Int64

    public var name: String { PathName.name(of: path) }
}

extension BackupStore {
    /// What lies in the directory `path`, by path; nothing where there is none. Uploads that are not complete do not count.
    public func entries(in path: String = "", recursively: Bool = false) async throws(HostError) -> [StoredEntry] {
        if !path.isEmpty { try check(path) }
        let arguments = ["lsjson", "--no-modtime", "--no-mimetype"] + (recursively ? ["--recursive"] : [])
        let shown = path.isEmpty ? "the store" : "'\(path)'"
        guard let listed = try await rclone(arguments + [remotePath(path)], to: "list \(shown)") else {
            try requireBucket()
            return []
        }
        return try decoded([StoredEntry].self, listed, to: "list \(shown)")
            .filter { !Self.isTemporary($0.name) }.sorted { $0.path < $1.path }
    }

    /// The whole of a file; `nil` when there is no file at `path`.
    public func content(of path: String, limit: Int) async throws(HostError) -> [UInt8]? {
        switch try await file(at: path, limit: limit) {
        case .missing: return nil
        case .content(let bytes): return bytes
        case .tooLarge(let bytes):
            throw HostError(
                "'\(path)' on backup target '\(name)' has \(bytes) bytes, more than the \(limit) that it may have")
        }
    }

    /// What a file came to that is read as a whole.
    enum FoundFile: Sendable {
        case missing
        /// Nothing of it was read.
        case tooLarge(Int64)
        case content([UInt8])
    }

    func file(at path: String, limit: Int) async throws(HostError) -> FoundFile {
        // To read without asking is no choice: where nothing is, S3 gives nothing and no error.
        guard let entry = try await entry(at: path), !entry.isDirectory else { return .missing }
        guard entry.bytes <= limit else { return .tooLarge(entry.bytes) }
        let deadline = deadline(for: entry.bytes)
        let read = try await rclone(
            ["cat", remotePath(path)], to: "read '\(path)'", deadline: deadline, outputLimit: limit)
        return read.map { FoundFile.content($0.output) } ?? .missing
    }

    /// What lies at `path`; in a store of objects every path that names none seems to be a directory.
    func entry(at path: String) async throws(HostError) -> StoredEntry? {
        try check(path)
        let purpose = "look at '\(path)'"
        let arguments = ["lsjson", "--stat", "--no-modtime", "--no-mimetype", remotePath(path)]
        guard let found = try await rclone(arguments, to: purpose) else {
            try requireBucket()
            return nil
        }
        return try decoded(StoredEntry.self, found, to: purpose)
    }

    /// A bucket seems to have every directory: one that is missing means that the bucket itself is.
    private func requireBucket() throws(HostError) {
        guard remote.type == "s3" else { return }
        let bucket = target.basePath.split(separator: "/").first.map(String.init) ?? ""
        throw HostError(
            "backup target '\(name)' has no bucket '\(bucket)'",
            hint: "correct the first part of its 'path', or create the bucket")
    }

    func decoded<Value: Decodable>(
        _ type: Value.Type, _ result: CommandResult, to purpose: String
    ) throws(HostError) -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(result.output))
        } catch {
            throw HostError("cannot \(purpose) on backup target '\(name)': rclone's answer is no list: \(error)")
        }
    }
}

/// As rclone lists it.
extension StoredEntry: Decodable {
    enum CodingKeys: String, CodingKey {
        case path = "Path"
        case bytes = "Size"
        case isDirectory = "IsDir"
    }

    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        path = try members.decode(String.self, forKey: .path)
        isDirectory = try members.decode(Bool.self, forKey: .isDirectory)
        bytes = max(0, try members.decode(Int64.self, forKey: .bytes))
    }
}
