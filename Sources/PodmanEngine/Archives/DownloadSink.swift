internal import Planning

/// Writes what arrives, adds up its digest, and tells people how far it is.
struct DownloadSink: Sendable {
    let download: Download
    let activity: Activity
    let progress: @Sendable (String) -> Void

    /// `total` in bytes where the server tells it.
    func drain(_ pieces: some AsyncSequence<[UInt8], any Error> & Sendable, of total: Int64?) async throws
        -> ArchiveDigest
    {
        var digest = ArchiveDigest()
        var told = ContinuousClock.now
        for try await piece in pieces {
            activity.note()
            digest.add(piece)
            try await download.append(piece)
            guard told.duration(to: .now) >= .seconds(1) else { continue }
            told = .now
            let whole = total.map { " of \(ByteCount(bytes: $0).rounded)" } ?? ""
            progress("downloaded \(ByteCount(bytes: digest.count).rounded)\(whole)")
        }
        progress("downloaded \(ByteCount(bytes: digest.count).rounded)")
        return digest
    }
}
