internal import FoundationEssentials

/// When something stopped serving that Fairlead did not stop itself.
public struct OutageBegin: Codable, Hashable, Sendable {
    /// When it was last known to be up.
    public let earliest: Timestamp
    /// Since when it is known to be down.
    public let latest: Timestamp

    public init(earliest: Timestamp, latest: Timestamp) {
        // A clock that was set back must not make the longest time shorter than the shortest.
        self.earliest = min(earliest, latest)
        self.latest = latest
    }

    /// The moment is known.
    public init(at moment: Timestamp) { self.init(earliest: moment, latest: moment) }

    public var isExact: Bool { earliest == latest }

    /// How much longer than since `latest` it may have been down, in milliseconds.
    public var doubt: Int64 { latest.milliseconds - earliest.milliseconds }

    /// How long it lasted, in milliseconds, that ended between two moments; `most` is `nil` where the least is all of it.
    public func length(to first: Timestamp, _ last: Timestamp) -> (least: Int64, most: Int64?) {
        let least = max(0, first.milliseconds - latest.milliseconds)
        let most = last.milliseconds - earliest.milliseconds
        return (least, most > least ? most : nil)
    }

    /// Of what is down as soon as one of them is.
    public static func first(of begins: some Sequence<Self>) -> Self? {
        guard let earliest = begins.map(\.earliest).min(), let latest = begins.map(\.latest).min() else { return nil }
        return Self(earliest: earliest, latest: latest)
    }

    /// For people, in UTC.
    public var words: String {
        isExact
            ? "down since \(Self.text(latest))" : "last seen up at \(Self.text(earliest)), down at \(Self.text(latest))"
    }

    /// The same of what went down with its host.
    public var bootWords: String {
        guard !isExact else { return "down with its host since \(Self.text(latest))" }
        return
            "down with its host, which was last seen up at \(Self.text(earliest)) and up again at \(Self.text(latest))"
    }

    private static func text(_ moment: Timestamp) -> String {
        Date(timeIntervalSince1970: Double(moment.milliseconds / 1000)).formatted(.iso8601)
    }
}

extension Sequence<PlanChange> {
    /// When the first of what they say to be down went down.
    public var wentDown: OutageBegin? { OutageBegin.first(of: compactMap(\.down)) }

    /// How long the stack was down at most; `nil` where `downtime`, in milliseconds, is all of it.
    public func longestDowntime(_ downtime: Int64?) -> Int64? {
        guard let downtime, let begin = wentDown, !begin.isExact else { return nil }
        return downtime + begin.doubt
    }
}
