import Foundation
import Model

@testable import Backup
@testable import HostSystem

/// What one host writes for another, or finds on a disk that came from one.
extension FuzzTarget {
    static let moveTargets = [
        kept("outgoing-move", [try outgoing()], words: ["\"successor\"", "\"deployed\"", "\"run\"", "\"since\""]) {
            state in
            (state.stage, state.suspension, state.isDone, now.since(state.since), state.nextAttempt?.since(now))
        },
        kept(
            "incoming-move", [IncomingMoveRecord(replaced: "vsn1", since: now, origin: .last(try run(), host: "vsn1"))]
        ) { state in
            try (state.origin?.allows(run(), of: "vsn1"), now.since(state.since))
        },
        kept("machine-mark", [MachineMark(machine: "0123456789abcdef", host: "vsn1")]) { $0.host },
        Self(
            name: "staged-data", made: { try origins().map(encoded) }, words: ["\"parts\"", "\"bytes\"", "\"source\""],
            read: { input in
                guard let origin = try? StagedData.Origin.decoded(input) else { return false }
                _ = (origin.bytes, origin.archive.shrinkWords)
                guard try StagedData.Origin.decoded(encoded(origin)) == origin else {
                    throw FuzzFault("it is another one when it is read again: \(origin)")
                }
                return true
            }),
        Self(
            name: "snapshot", made: { [try encoded(snapshot())] },
            words: ["\"volumes\"", "\"absent\"", "\"leftOut\""],
            read: { input in
                guard let snapshot = try? DataSnapshot.decoded(input) else { return false }
                try namesOnly(snapshot.volumes + snapshot.absent + snapshot.leftOut)
                _ = ([snapshot].surplus(keep: 0), snapshot.cost, now.since(snapshot.run.moment))
                return true
            }),
        Self(
            name: "exchange", made: { [try encoded(SnapshotExchange(snapshot: snapshot(), aside: snapshot()))] },
            read: { input in
                guard let exchange = try? SnapshotExchange.decoded(input) else { return false }
                try namesOnly(exchange.snapshot.volumes + exchange.aside.volumes)
                return true
            }),
        Self(name: "data-marks", words: ["\"fileSystem\"", "\"adopted\"", "\"inode\"", "\"made\""], inputs: 600) {
            input in
            guard let marks = DataMarkFile.marks(in: input) else { return false }
            for mark in marks.values {
                _ = (mark.words, mark.isSameDirectory(as: mark), mark.adopted.map { now.since($0.at) })
            }
            return true
        },
        Self(name: "pruned-runs", words: ["\"runs\"", "\"stack\"", "\"20261121T020000Z\""], inputs: 600) { input in
            guard let record = PrunedRuns(input) else { return false }
            try namesOnly([record.stack.description, record.host.description] + record.runs.map(\.description))
            return true
        },
        Self(name: "listing", words: ["\"Path\"", "\"Size\"", "\"IsDir\""], inputs: 600) { input in
            guard let entries = try? JSONDecoder().decode([StoredEntry].self, from: Data(input)) else { return false }
            guard entries.allSatisfy({ $0.bytes >= 0 }) else { throw FuzzFault("a file of less than no bytes") }
            _ = entries.map { ($0.name, BackupRunID($0.name), EntryName($0.name)) }
            return true
        },
    ]

    private static let now = Timestamp(milliseconds: 1_795_000_000_000)

    /// A record that is the same when it is written and read again.
    private static func kept<Value: Codable & Hashable & Sendable>(
        _ name: String, _ values: @escaping @autoclosure @Sendable () throws -> [Value], words: [String] = [],
        use: @escaping @Sendable (Value) throws -> some Any
    ) -> Self {
        Self(
            name: name, made: { try values().map(encoded) }, words: words, inputs: 600,
            read: { input in
                guard let value = try? JSONDecoder().decode(Value.self, from: Data(input)) else { return false }
                _ = try use(value)
                guard try JSONDecoder().decode(Value.self, from: Data(encoded(value))) == value else {
                    throw FuzzFault("it is another one when it is read again: \(value)")
                }
                return true
            })
    }

    private static func encoded(_ value: some Encodable) throws -> [UInt8] { Array(try JSONEncoder().encode(value)) }

    /// Each becomes a part of a path.
    private static func namesOnly(_ names: [String]) throws {
        for name in names where name.contains("/") || name == ".." || name.isEmpty {
            throw FuzzFault("'\(name)' leads elsewhere")
        }
    }

    private static func run() throws -> BackupRunID { try value("20261121T020000Z") }
    private static func commit() throws -> CommitID { try value(String(repeating: "1", count: 40)) }

    private static func state() throws -> DeployedState {
        let web = ContainerPlan(image: .build(BuildContext(path: "images/web", contentDigest: digest)))
        let plan = ResolvedPlan(stack: "acme", version: "1.0.0", host: "vsn1", containers: ["web": web])
        return DeployedState(
            desired: DesiredState(plan: plan), commit: try commit(), deployment: 7,
            images: ["web": StoredImage(id: "sha256:" + digest)])
    }

    private static func outgoing() throws -> OutgoingMoveRecord {
        let state = try state()
        var move = OutgoingMoveRecord(
            successor: Successor(host: "vsn2", commit: try commit()), as: state.desired.plan, since: now,
            deployed: state)
        move.run = try run()
        move.failure = "the storage is full"
        move.nextAttempt = now
        return move
    }

    private static func origins() throws -> [StagedData.Origin] {
        let archive = VolumeArchive(content: .files, parts: [try part()])
        return [
            StagedData.Origin(source: .run(try run(), host: "vsn1", target: "disk"), archive: archive),
            StagedData.Origin(source: .imported(from: "/srv/old", at: now), archive: archive),
        ]
    }

    private static func snapshot() throws -> DataSnapshot {
        DataSnapshot(
            run: try run(), origin: .copied, deployment: 7, stack: "acme", state: try state(), volumes: ["database"],
            absent: ["cache"], leftOut: ["files"], bytes: 4711, milliseconds: 12,
            replacement: .init(run: try run(), state: nil))
    }
}
