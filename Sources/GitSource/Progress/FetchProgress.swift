internal import Model

/// How far a fetch is.
public struct FetchProgress: Codable, Sendable, Hashable {
    public enum Phase: String, Codable, Sendable {
        /// For another process that fetches.
        case waiting
        /// The server was asked and prepares its answer.
        case asking
        case receiving
        /// Everything has come; objects that came as differences from others are put together.
        case resolving
        /// It is written to the disk.
        case storing
        /// Whether it is whole, and no more than a host can hold. Silence here is what has no end.
        case checking
    }

    public private(set) var phase = Phase.asking
    /// That have come.
    public private(set) var bytes: Int64 = 0
    /// Objects of this phase.
    public private(set) var done = 0
    public private(set) var total = 0

    public init() {}

    /// Of this phase; `nil` where the whole is not known.
    public var percent: Int? { total > 0 ? min(100, done * 100 / total) : nil }

    /// For people: `receiving, 45 %, 12.3 MiB`.
    public var words: String {
        let share = percent.map { ", \($0) %" } ?? ""
        return "\(title)\(share)" + (bytes > 0 ? ", \(ByteCount(bytes: bytes).rounded)" : "")
    }

    private var title: String {
        switch phase {
        case .waiting: "waiting for another fetch"
        case .asking: "waiting for the server"
        default: phase.rawValue
        }
    }

    /// Whether silence is no sign of a dead server: it has no part in this phase.
    var isLocal: Bool { phase == .waiting || phase == .storing }
}

extension FetchProgress {
    /// What libgit2 counts while a pack comes in; all as `UInt32`, in the words of `git_indexer_progress`.
    struct Counts: Sendable, Hashable {
        var totalObjects = 0
        var receivedObjects = 0
        var totalDeltas = 0
        var indexedDeltas = 0
        var receivedBytes: Int64 = 0
    }

    /// The number of deltas is only known when the pack is complete. One without any stays in `receiving` until the
    /// indexer is done, since its last bytes, a checksum, may still be missing.
    mutating func take(_ counts: Counts) {
        bytes = counts.receivedBytes
        guard counts.totalDeltas > 0 else {
            (phase, done, total) = (.receiving, counts.receivedObjects, counts.totalObjects)
            return
        }
        (phase, done, total) = (.resolving, counts.indexedDeltas, counts.totalDeltas)
        if done >= total { enter(.storing) }
    }

    mutating func enter(_ phase: Phase) { (self.phase, done, total) = (phase, 0, 0) }
}
