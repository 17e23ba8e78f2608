import Model
import Testing

/// T1: a slash with a combining mark is one character, and a slash all the same.
@Suite("The parts of a path")
struct PathPartsTests {
    @Test(
        "are told by the bytes, as the kernel does, not by what looks like one character",
        arguments: [
            ("a/b", false), ("..a/b..", false), ("..", true), ("a/..", true), ("../\u{338}a", true),
            ("a\u{600}/../b", true), ("a/..\u{338}", false),
        ])
    func paths(path: String, leadsUp: Bool) { #expect(path.leadsUp == leadsUp) }

    @Test(
        "no data directory leads elsewhere by one that is hidden, and no directory for backups into one of the host",
        arguments: ["../\u{338}x", "\u{600}/../x"])
    func plan(path: String) throws {
        let problems = try MemoryTree(web: #""volumes": [{"data": "\#(path)", "target": "/data"}]"#).problems()
        #expect(problems.contains { $0.contains("can be taken for another text") }, "\(problems)")
        #expect(HostDirectory.protected(by: "/etc/\u{338}x", own: []) == "/etc")
        #expect(HostDirectory.protected(by: "/mnt/backup", own: ["/srv/fairlead/"]) == nil)
    }
}
