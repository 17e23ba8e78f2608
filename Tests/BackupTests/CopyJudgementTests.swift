import HostSupport
import Model
import Testing

@testable import Backup
@testable import HostSystem

@Suite("What the copy of a data directory came to")
struct CopyJudgementTests {
    private func volume(_ mode: VolumeBackup.Mode, _ engine: VolumeBackup.Engine = .tar) -> VolumeCopy {
        VolumeCopy(
            name: "db", directory: "/data/db", container: "acme-db", mode: mode, engine: engine, dump: [], load: nil,
            exclude: [], include: ["site"])
    }

    /// `saved`, `saved: NOTES`, or the reason of the failure; `nil` when it was not copied to its end.
    private func outcome(
        _ volume: VolumeCopy, _ ended: String, _ said: [String] = [], bytes: String = "", now: Readability = .gone
    ) -> String? {
        let judgement = CopyJudgement(
            volume: volume,
            report: VolumeReport(
                ended: ended.replacing(", ", with: "\n"), said: said.joined(separator: "\n"), bytes: bytes, count: "3")
        ) { $0 == "/data/db/x" ? now : .broken }
        return judgement.outcome.map { outcome in
            switch outcome {
            case .saved(let copied): "saved" + copied.notes.map { ": \($0)" }.joined()
            case .failed(let failure): failure.reason
            }
        }
    }

    private static let whole = "tar 0, zstd 0, seal 0"
    private static let changed = "tar: ./log: file changed as we read it"
    private static let removed = "tar: ./tmp1: File removed before we read it"
    private static let gone = "tar: ./tmp2: Cannot stat: No such file or directory"
    private static let torn =
        ", although its container was held: something else writes there, and the copy may be torn"

    @Test(
        "of files is told by tar: what changed or went is a note, what could not be read a failure",
        arguments: [
            (whole, [], "saved"),
            (whole, ["tar: ./socket: socket ignored"], "saved"),
            ("tar 1, zstd 0, seal 0", [changed], "saved: 1 file was changed while it was read"),
            (
                "tar 1, zstd 0, seal 0", [changed, removed, removed],
                "saved: 1 file was changed and 2 files were removed while it was read"
            ),
            (
                "tar 2, zstd 0, seal 0", [gone, "tar: Exiting with failure status due to previous errors"],
                "saved: 1 file was removed while it was read"
            ),
            (
                "tar 2, zstd 0, seal 0",
                [gone, "tar: ./table: Read error at byte 0, while reading 512 bytes: Input/output error"],
                "not saved: not all of it could be read: Input/output error"
            ),
            (
                "tar 2, zstd 0, seal 0", ["tar: ./secret: Cannot open: Permission denied"],
                "not saved: not all of it could be read: Permission denied"
            ),
            (
                "tar 2, zstd 0, seal 0", ["tar: ./site: Cannot stat: No such file or directory"],
                "not saved: not all of it could be read: No such file or directory"
            ),
            (
                "tar 2, zstd 0, seal 0", ["tar: /data/db: Cannot open: No such file or directory"],
                "not saved: not all of it could be read: No such file or directory"
            ),
            ("tar 2, zstd 0, seal 0", [], "not saved: not all of it could be read"),
            ("tar 141, zstd 141, seal 1", [], "not saved: it cannot be encrypted, or written to the spool"),
            ("tar 141, zstd 1, seal 0", [], "not saved: it cannot be compressed"),
            ("", [], nil),
        ] as [(String, [String], String?)])
    func files(ended: String, said: [String], expected: String?) {
        #expect(outcome(volume(.live), ended, said) == expected)
    }

    @Test("of files that should have kept still says that the copy may be torn")
    func held() {
        let found = outcome(volume(.pause), "tar 1, zstd 0, seal 0", [Self.changed])
        #expect(found == "saved: 1 file was changed while it was read\(Self.torn)")
    }

    @Test(
        "of a dump is told by its command, and by what it wrote",
        arguments: [
            ("dump 0, dd 0, zstd 0, seal 0", "1+0 records in\n1+0 records out\n9 bytes copied, 0.1 s", "saved"),
            (
                "dump 3, dd 0, zstd 0, seal 0", "9 bytes copied, 0.1 s",
                "not saved: its dump failed with exit status 3"
            ),
            (
                "dump 0, dd 0, zstd 0, seal 0", "0+0 records in\n0 bytes copied, 0.1 s", "not saved: its dump is empty"
            ),
            (
                "dump 141, dd 141, zstd 141, seal 1", "9 bytes copied, 0.1 s",
                "not saved: it cannot be encrypted, or written to the spool"
            ),
            ("", "", nil),
        ] as [(String, String, String?)])
    func dumps(ended: String, bytes: String, expected: String?) {
        #expect(outcome(volume(.hook), ended, bytes: bytes) == expected)
    }

    @Test(
        "of a dump is told at once, whatever it writes to its standard error: marks without end took hours (issue 11)",
        .timeLimit(.minutes(1)))
    func crowd() {
        let marks = "H" + String(repeating: "\u{301}\u{323}", count: 500_000)
        let report = VolumeReport(ended: "dump 0", said: "\(marks)\nlast")
        #expect(report.said.count == 2 && report.said[0].utf8.count < 100 && report.said[1] == "last")
    }

    @Test(
        "of a repository is told by restic, in the words of each version",
        arguments: [
            ("restic 0, stream 0, seal 0", "", "saved"),
            (
                "restic 3, stream 0, seal 0", #"{"Op":"lstat","Path":"db/x","Err":2}"#,
                "saved: 1 file was removed while it was read"
            ),
            (
                "restic 3, stream 0, seal 0", #"{"message":"lstat /data/db/x: no such file or directory"}"#,
                "saved: 1 file was removed while it was read"
            ),
            ("restic 3, stream 0, seal 0", "{}", "saved: 1 file was removed while it was read"),
            (
                "restic 3, stream 0, seal 0", #"{"Op":"read","Path":"db/x","Err":5}"#,
                "not saved: not all of it could be read"
            ),
            ("restic 3, stream 0, seal 0", "", "not saved: not all of it could be read"),
            ("restic 1", "", "not saved: restic failed with exit status 1"),
            ("sync 1", "", "not saved: what is not on the disk yet cannot be written there"),
            ("restic 0", "", nil),
        ] as [(String, String, String?)])
    func repositories(ended: String, error: String, expected: String?) {
        let line = #"{"message_type":"error","error":\#(error),"during":"archival","item":"db/x"}"#
        let said = error.isEmpty ? [] : [line, "Warning: at least one source file could not be read"]
        #expect(outcome(volume(.live, .restic), ended, said) == expected)
        if error == "{}" {
            // It says nothing of the error: whether the disk is broken shows when the file is read.
            let broken = outcome(volume(.live, .restic), ended, said, now: .broken)
            #expect(broken == "not saved: not all of it could be read")
            let there = outcome(volume(.live, .restic), ended, said, now: .readable)
            #expect(there == "saved: 1 file was changed while it was read")
        }
    }

    private static let emptied: DataFinding = {
        let disk = FileSystemMark(uuid: "aa", device: 1)
        return DataFinding(
            condition: .empty, found: DataMark(fileSystem: disk, inode: 2),
            known: DataMark(fileSystem: disk, inode: 2, held: true))
    }()

    @Test("is decided before it begins where its directory is missing, or was emptied")
    func judgement() throws {
        let run = try #require(BackupRunID("20261121T020000Z"))
        let held = VolumeMemory.Volume(run: run, wasFilled: true)
        func judged(_ mode: VolumeBackup.Mode, _ condition: DataCondition, _ known: VolumeMemory.Volume?) -> String {
            judged(mode, DataFinding(condition: condition), known)
        }
        func judged(_ mode: VolumeBackup.Mode, _ finding: DataFinding, _ known: VolumeMemory.Volume?) -> String {
            switch VolumeJudgement(volume(mode), finding, known) {
            case .copy: "copy"
            case .nothing: "nothing"
            case .fails(let failure): failure.reason
            }
        }
        for mode in [VolumeBackup.Mode.pause, .hook] {
            #expect(judged(mode, .missing, nil) == "missing: it has no directory")
            #expect(judged(mode, .empty, held) == "missing: it is empty, and run \(run) held it")
            #expect(judged(mode, .filled, held) == "copy")
            #expect(judged(mode, .unfinished, nil) == "not saved: it is not restored to its end")
        }
        #expect(judged(.pause, .empty, nil) == "nothing")
        #expect(judged(.pause, .empty, VolumeMemory.Volume()) == "nothing")
        // No run holds it yet, and it held something.
        let emptied = Self.emptied
        for mode in [VolumeBackup.Mode.pause, .hook] {
            for known in [nil, VolumeMemory.Volume()] {
                #expect(judged(mode, emptied, known) == "missing: it is empty, and it held data")
            }
            #expect(!judged(mode, emptied, VolumeMemory.Volume(isAccepted: true)).hasPrefix("missing"))
        }
        // What the plan lets be empty is no loss.
        #expect(judged(.pause, DataFinding(condition: .empty, mayBeEmpty: true), held) == "nothing")
        let (disk, other) = (FileSystemMark(uuid: "aa", device: 1), FileSystemMark(uuid: "bb", device: 2))
        let known = DataMark(fileSystem: disk, inode: 2, held: true)
        for condition in [DataCondition.filled, .empty] {
            let found = DataMark(fileSystem: other, inode: 2, held: condition == .filled)
            let finding = DataFinding(condition: condition, found: found, known: known, mayBeEmpty: true)
            for mode in [VolumeBackup.Mode.pause, .hook] {
                #expect(judged(mode, finding, held) == "not saved: it is not the directory that was deployed")
            }
        }
        // A link or a file is no data directory, known or not, wherever a link leads.
        for remembered in [nil, known] {
            for found in [nil, known, DataMark(fileSystem: other, inode: 2, held: true)] {
                let finding = DataFinding(condition: .blocked, found: found, known: remembered, mayBeEmpty: true)
                for mode in [VolumeBackup.Mode.pause, .hook] {
                    let expected = "not saved: a link or a file lies in the place of its directory or above it"
                    #expect(judged(mode, finding, held) == expected)
                }
            }
        }
        // A dump of a directory that was always empty.
        #expect(judged(.hook, .empty, nil) == "copy")
        #expect(judged(.hook, .empty, VolumeMemory.Volume(run: run, wasFilled: false)) == "copy")
        // A run of an older fairlead, which did not say so.
        #expect(judged(.pause, .empty, VolumeMemory.Volume(run: run)) != "nothing")
        #expect(judged(.hook, .empty, VolumeMemory.Volume(run: run)) == "copy")
    }

    @Test("names one command as the way back of a directory that this host remembers as filled")
    func wayBack() throws {
        let held = VolumeMemory.Volume(run: BackupRunID("20261121T020000Z"), wasFilled: true)
        for (finding, way) in [
            (Self.emptied, "; where its data is lost, 'fairlead reconcile --force' restores it;"),
            (DataFinding(condition: .empty), "; or have it restored ('rmdir "),
        ] {
            guard case .fails(let failure) = VolumeJudgement(volume(.pause), finding, held) else {
                Issue.record("it is saved")
                continue
            }
            #expect(failure.hint.contains(way), "\(failure.hint)")
        }
    }
}
