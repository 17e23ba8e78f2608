internal import Backup
internal import HostSystem
internal import Model

/// The copies of the data that this host keeps.
struct SnapshotListReport: Report {
    struct Snapshot: Codable, Hashable, Sendable {
        var run: String
        var origin: DataSnapshot.Origin
        /// The one that it was made before, or that set it aside.
        var deployment: Int64
        /// Of what comes back; absent when nothing was deployed.
        var to: Int64?
        var version: String?
        var commit: String?
        var time: ReportTime
        var bytes: Int64?
        var volumes: [String]
        var directory: String
    }

    var snapshots: [Snapshot]

    init(_ known: [DataSnapshot], places: DataSnapshots) {
        snapshots = known.map { snapshot in
            Snapshot(
                run: snapshot.run.description, origin: snapshot.origin, deployment: snapshot.deployment,
                to: snapshot.state?.deployment, version: snapshot.state?.desired.plan.version,
                commit: snapshot.state?.commit.hex, time: ReportTime(snapshot.run.moment),
                bytes: snapshot.origin == .copied ? snapshot.bytes : nil, volumes: snapshot.volumes,
                directory: places.place(of: snapshot))
        }
    }

    func lines(_ style: TextStyle) -> [String] {
        guard !snapshots.isEmpty else { return ["there is no copy of the data from before a deployment"] }
        var table = TextTable()
        for snapshot in snapshots {
            table.add(
                .init(snapshot.run, style.strong), .init(snapshot.words),
                .init(snapshot.to.map { "--to \($0)" } ?? ""), .init(snapshot.version ?? ""),
                .init(snapshot.bytes.map { ByteCount(bytes: $0).rounded } ?? ""), .init(snapshot.directory, style.faint)
            )
        }
        return table.lines
    }
}

extension SnapshotListReport.Snapshot {
    fileprivate var words: String {
        switch origin {
        case .copied: "copied before deployment \(deployment)"
        case .setAside: "set aside by deployment \(deployment)"
        }
    }
}

extension SnapshotCost {
    /// `3.2 GiB, copied in 12 s`.
    var words: String {
        "\(ByteCount(bytes: bytes).rounded), copied in \(SpokenDuration.text(milliseconds: milliseconds))"
    }
}
