import Files
import Foundation
import Model

@testable import Backup
@testable import HostSystem

/// What storages, and other hosts through them, send.
extension FuzzTarget {
    static let backupTargets = [
        Self(
            name: "manifest", made: { [try manifest().encoded()] }, words: manifestWords, inputs: 400,
            read: { input in
                refusing(HostError.self) {
                    let manifest = try BackupManifest.decoded(input)
                    try showable([manifest.gap ?? "", "\(manifest.bytes)", "\(manifest.base)"])
                    try showable(manifest.volumes.values.map { "\($0.shrinkWords ?? "") \($0.bytes)" })
                    return try manifest.encoded()
                }
            }),
        Self(
            name: "vanilla", made: { [try vanilla().encoded()] }, words: manifestWords, inputs: 400,
            read: { input in
                refusing(HostError.self) { try VanillaManifest.decoded(input) }
            }),
        Self(name: "sums", inputs: 1000) { input in ReleaseSums(input) != nil },
        Self(name: "run-name", words: ["20261121T020000Z", "T", "Z"], inputs: 1000) { input in
            guard let run = BackupRunID(String(decoding: input, as: UTF8.self)) else { return false }
            guard run.moment.milliseconds != 0, !run.description.contains("/") else {
                throw FuzzFault("a run without a moment: \(run)")
            }
            return true
        },
    ]

    static let digest = String(repeating: "0a", count: 32)

    static func value<Value: WrittenValue>(_ text: String) throws -> Value {
        guard let value = Value(text) else { throw FuzzFault("'\(text)' is not \(Value.form)") }
        return value
    }

    static func part() throws -> BackupPart {
        BackupPart(name: try value("database.tar.zst.age"), bytes: 4711, sha256: try value(digest))
    }

    /// With a volume of each kind.
    private static func manifest() throws -> BackupManifest {
        guard let run = BackupRunID("20261121T020000Z"), let last = BackupRunID("20261120T020000Z"),
            let commit = CommitID(String(repeating: "1", count: 40))
        else { throw FuzzFault("a name of the test is wrong") }
        let part = try Self.part()
        let earlier = [BackupStream(run: last, parts: [part])]
        let volumes: [DataName: VolumeArchive] = [
            try value("database"): VolumeArchive(content: .dump, parts: [part], load: ["psql"], notes: ["a note"]),
            try value("files"): VolumeArchive(content: .files, parts: [part]),
            try value("archive"): VolumeArchive(
                content: .repository, parts: [part],
                snapshot: BackupSnapshot(id: try value(digest), bytes: 99, earlier: earlier)),
        ]
        let web = ContainerPlan(image: .build(BuildContext(path: "images/web", contentDigest: digest)))
        return BackupManifest(
            run: run, stack: try value("acme"), host: try value("vsn1"), version: "1.0.0", commit: commit,
            began: run.moment,
            ended: run.moment,
            successor: Successor(host: "vsn2", commit: commit), images: ["web": "sha256:" + digest], volumes: volumes,
            incomplete: ["cache": "was missing"],
            plan: ResolvedPlan(stack: "acme", version: "1.0.0", host: "vsn1", containers: ["web": web]))
    }

    private static func vanilla() throws -> VanillaManifest {
        VanillaManifest(
            version: "1.0.0", volumes: [try value("database"): VolumeArchive(content: .files, parts: [try part()])])
    }

    private static let manifestWords = [
        "format", "run", "stack", "host", "version", "commit", "began", "ended", "successor", "images", "volumes",
        "content",
        "isEncrypted", "parts", "load", "snapshot", "read", "notes", "shrunk", "incomplete", "empty", "plan", "sha256",
        "bytes",
        "name", "earlier", "id",
    ].map { "\"\($0)\"" }

    /// Computing them must not end the process.
    private static func showable(_ texts: [String]) throws { _ = texts.joined().utf8.count }
}
