public import Files
public import Model

/// What a backup gave for one data directory.
public struct FetchedData: Hashable, Sendable {
    /// Of the data directory.
    public let name: String
    public let run: BackupRunID
    public let host: String
    public let target: String
    public let content: VolumeArchive.Content
    /// In the storage.
    public let bytes: Int64
}

extension DataRestore {
    /// What of runs lies whole beside the data directories of `stack`, by name.
    public func fetchedData(of stack: String) throws(HostError) -> [FetchedData] {
        try staged(of: stack).compactMap { staged in
            guard let origin = staged.origin(), case .run(let run, let host, let target) = origin.source
            else { return nil }
            return FetchedData(
                name: staged.name, run: run, host: host, target: target, content: origin.archive.content,
                bytes: origin.archive.bytes)
        }
    }
}
