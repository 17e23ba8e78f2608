internal import Model

/// Writes what arrives, adds up its digest, and tells people how far it is.
struct DownloadSink: Sendable {
    let download: Download
    let activity: Activity
    let reserve: DiskReserve
    /// What is attempted, for errors.
    let action: String
    let progress: @Sendable (String) -> Void

    /// A fast server fills much between two looks at the clock; in bytes.
    private static let checkedPiece = 8 << 20

    /// `total` in bytes where the server tells it; `kept`: the download has the content already.
    func drain(
        _ pieces: some AsyncSequence<[UInt8], any Error> & Sendable, of total: Int64? = nil, kept: Bool = false
    ) async throws -> ArchiveDigest {
        var digest = ArchiveDigest()
        var told = ContinuousClock.now
        var unchecked = 0
        for try await piece in pieces {
            activity.note(bytes: piece.count)
            digest.add(piece)
            unchecked += piece.count
            if unchecked >= Self.checkedPiece {
                try reserve.check(action)
                unchecked = 0
            }
            if !kept { try await download.append(piece) }
            guard told.duration(to: .now) >= .seconds(1) else { continue }
            told = .now
            let whole = total.map { " of \(ByteCount(bytes: $0).rounded)" } ?? ""
            progress("downloaded \(ByteCount(bytes: digest.count).rounded)\(whole)")
        }
        progress("downloaded \(ByteCount(bytes: digest.count).rounded)")
        return digest
    }
}
