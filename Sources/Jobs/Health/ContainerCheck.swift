internal import Files
internal import Glibc
public import Model

/// How the health check found a container when it last looked.
public struct ContainerCheck: Codable, Hashable, Sendable {
    public enum Verdict: String, Codable, Sendable, CaseIterable {
        case healthy, starting, failing
        /// What it depends on fails.
        case consequence
    }

    public var verdict: Verdict
    public var time: Timestamp
    /// One line; empty for one that is healthy.
    public var reason: String

    public init(verdict: Verdict, time: Timestamp, reason: String = "") {
        self.verdict = verdict
        self.time = time
        self.reason = reason
    }

    /// By the container's name in the plan, as the health check's script left it: `time=SECONDS`, then `NAME=VERDICT REASON`.
    /// What cannot be read counts as not checked.
    public static func all(runtimeDirectory: String) -> [String: Self] {
        let path = "\(runtimeDirectory)/health"
        guard let bytes = try? Descriptor(path, O_RDONLY | O_NOFOLLOW).read(limit: 256 << 10) else { return [:] }
        let pairs: [(String, String)] = String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap {
            let parts = $0.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            return parts.count == 2 ? (parts[0], parts[1]) : nil
        }
        guard let first = pairs.first, first.0 == "time", let seconds = Int64(first.1), seconds < 1 << 40 else {
            return [:]
        }
        let time = Timestamp(milliseconds: seconds * 1000)
        return pairs.dropFirst().reduce(into: [:]) { checks, pair in
            let words = pair.1.split(separator: " ", maxSplits: 1).map(String.init)
            guard let verdict = words.first.flatMap(Verdict.init) else { return }
            checks[pair.0] = Self(verdict: verdict, time: time, reason: words.dropFirst().first ?? "")
        }
    }
}
