import Foundation
import Model
import Planning
import Testing

/// J5: parsed once, where it comes in.
@Suite("Names in a backup")
struct BackupNameTests {
    @Test(
        "are of one thing in a directory, and never of a place elsewhere",
        arguments: [
            ("database", true), ("my data", true), (".hidden", true), ("..x", true), ("ünï", true), ("", false),
            (".", false), ("..", false), ("a/b", false), ("/", false), ("a\nb", false), ("a\u{0}", false),
            ("a\u{9b}b", false), ("..\u{2f}\u{338}x", false), ("\u{600}/x", false),
            (String(repeating: "x", count: 256), false),
        ])
    func entries(text: String, isOne: Bool) {
        #expect((EntryName(text) != nil) == isOne)
        #expect((DataName(text) != nil) == isOne)
    }

    @Test("of a data directory leave room for what is put before and after them, and are none of Fairlead's own")
    func data() {
        #expect(DataName(String(repeating: "x", count: 230)) != nil)
        #expect(DataName(String(repeating: "x", count: 231)) == nil)
        #expect(DataName(".fairlead-restore-database") == nil)
    }

    @Test("are the keys of an object as they were, and a bad one is no object")
    func keys() throws {
        let volumes = try JSONDecoder().decode([DataName: Int].self, from: Data(#"{"a": 1, "b c": 2}"#.utf8))
        let (plain, spaced) = (try #require(DataName("a")), try #require(DataName("b c")))
        #expect(volumes == [plain: 1, spaced: 2])
        let again = try JSONDecoder().decode([String: Int].self, from: JSONEncoder().encode(volumes))
        #expect(again == ["a": 1, "b c": 2])
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([DataName: Int].self, from: Data(#"{"a": 1, "../b": 2}"#.utf8))
        }
    }

    @Test("of digests and snapshots are 64 hexadecimal digits")
    func digests() {
        let digits = String(repeating: "0a", count: 32)
        #expect(SHA256Sum(digits) != nil && SnapshotID(digits) != nil)
        for text in ["", "--repo=/x", digits.uppercased(), digits + "0", String(digits.dropLast())] {
            #expect(SHA256Sum(text) == nil && SnapshotID(text) == nil, "\(text)")
        }
    }
}

@Suite("The signers of backups")
struct BackupSignerTests {
    private static let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"
    private static let other = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBBBAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"

    @Test("speak for the host that their line names, and for every host where it names none")
    func hosts() {
        let signers = BackupSigners(["vsn1 \(Self.key) comment", "\(Self.other) vsn2"])
        #expect(signers.keys(of: "vsn1") == [Self.key, Self.other])
        #expect(signers.keys(of: "vsn2") == [Self.other])
        #expect(signers.keys(naming: "vsn1") == [Self.key] && signers.keys(naming: "vsn2") == [])
        #expect(signers.host(of: Self.key) == "vsn1" && signers.host(of: Self.other) == nil)
        #expect(signers.withoutHost == [Self.other])
    }

    @Test("are named by the repo where a host has the key as its 'hostKey'")
    func pinned() throws {
        func signers(_ lines: [String], overlay: String) throws -> [String] {
            let backup = """
                "backup": {"recipients": ["age1dk4vwmketjs3e5jcx7e9ztgwudqxur3alzwcv9pmga4343p003sqpdlk5u"],
                "targets": {"nas": {"directory": "/mnt/nas"}}, "signers": [\(lines.map { "\"\($0)\"" }.joined(separator: ","))]}
                """
            return try MemoryTree(containers: #""web": {"image": "localhost/web:1"}"#, more: backup, overlay: overlay)
                .resolved().plan.backup?.signers ?? []
        }
        let pin = #"{"hostKey": ["\#(Self.key) root@berlin"]}"#
        #expect(
            try signers(["\(Self.key) mine", Self.other], overlay: pin) == ["berlin \(Self.key) mine", Self.other])
        #expect(try signers(["paris \(Self.key)"], overlay: pin) == ["paris \(Self.key)"])
        #expect(try signers([Self.key], overlay: "{}") == [Self.key])
    }
}
