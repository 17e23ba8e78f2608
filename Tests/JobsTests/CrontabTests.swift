import Files
import Testing

@testable import Jobs

@Suite("Fairlead's block in root's crontab (S11)")
struct CrontabTests {
    private static let block = """
        # BEGIN fairlead (generated, do not edit)
        30 3 * * * /bin/bash /s/jobs/cleanup
        # END fairlead

        """
    private static let entries = ["30 3 * * * /bin/bash /s/jobs/cleanup"]
    private static let jobs = JobFiles(stateDirectory: "/s")

    /// What an operator may have there.
    static let contents = [
        "", "\n", "# comment\n", "MAILTO=ops@example.com\nSHELL=/bin/zsh\n0 1 * * * backup\n", "0 1 * * * a\r\nB=c\r\n",
        "0 1 * * * no final line end", "\r", "  \t \n\n\n", "0 1 * * * date +\\%F\n", "é\u{0}\u{1}ü\n",
        "# BEGIN other\n0 1 * * * a\n# END other\n", "# BEGIN fairlead\n0 1 * * * a\n",
        "0 12 * * * /bin/bash /s/jobs/cleanup\n", "# (there was no crontab before)\n",
    ]

    @Test("the block comes and goes, and no byte of the operator's changes", arguments: contents)
    func roundTrip(content: String) {
        let before = Crontab(bytes: Array(content.utf8))
        let with = before.with(entries: Self.entries, of: Self.jobs)
        #expect(with.bytes == Array((Self.block + content).utf8))
        #expect(with.with(entries: Self.entries, of: Self.jobs) == with, "nothing to write")
        #expect(with.entries(of: Self.jobs) == Self.entries)
        #expect(with.with(entries: [], of: Self.jobs) == before)
        let changed = with.with(entries: ["1 1 * * * /bin/bash /s/jobs/send-mail"], of: Self.jobs)
        #expect(changed.with(entries: [], of: Self.jobs) == before)
    }

    @Test("where there was no crontab, none is left; an operator's line that came meanwhile stays")
    func absent() {
        let with = Crontab(bytes: nil).with(entries: Self.entries, of: Self.jobs)
        #expect(with.with(entries: Self.entries, of: Self.jobs) == with)
        #expect(with.with(entries: [], of: Self.jobs).bytes == nil)
        #expect(Crontab(bytes: nil).with(entries: [], of: Self.jobs).bytes == nil)
        let added = Crontab(bytes: (with.bytes ?? []) + Array("0 1 * * * a\n".utf8))
        #expect(added.with(entries: [], of: Self.jobs).bytes == Array("0 1 * * * a\n".utf8))
    }

    /// A broken crontab, and what is the operator's in it.
    static let broken: [(String, String)] = [
        // BEGIN without END: our lines go, what follows could be anybody's.
        ("a\n# BEGIN fairlead (generated, do not edit)\n1 2 3 4 5 /bin/bash /s/jobs/cleanup\nb\nc\n", "a\nb\nc\n"),
        ("# BEGIN fairlead (generated, do not edit)\n", ""),
        ("# BEGIN fairlead (generated, do not edit)", ""),
        (
            "# BEGIN fairlead (generated, do not edit)\na\n1 2 3 4 5 /bin/bash /s/jobs/cleanup\n",
            "a\n1 2 3 4 5 /bin/bash /s/jobs/cleanup\n"
        ),
        // END without BEGIN.
        ("a\n1 2 3 4 5 /bin/bash /s/jobs/cleanup\n# END fairlead\nb\n", "a\nb\n"),
        ("1 2 3 4 5 /bin/bash /s/jobs/cleanup\na\n# END fairlead\n", "1 2 3 4 5 /bin/bash /s/jobs/cleanup\na\n"),
        // Two blocks, and a block in a block.
        (Self.block + "a\n" + Self.block + "b\n", "a\nb\n"),
        ("# BEGIN fairlead (generated, do not edit)\n" + Self.block + "a\n# END fairlead\nb\n", "a\nb\n"),
        // Operator's lines inside of it.
        (
            "# BEGIN fairlead (generated, do not edit)\nX=1\n1 2 3 4 5 /bin/bash /s/jobs/cleanup\n0 1 * * * a\n# END fairlead\n",
            "X=1\n0 1 * * * a\n"
        ),
        // Written by an editor of another system; moved below other lines.
        (
            "a\r\n# BEGIN fairlead (generated, do not edit)\r\n1 2 3 4 5 /bin/bash /s/jobs/health-check\r\n# END fairlead\r\nb\r\n",
            "a\r\nb\r\n"
        ),
        // Not ours: another directory, another name, another host's Fairlead, something after it.
        (
            "# BEGIN fairlead (generated, do not edit)\n1 2 3 4 5 /bin/bash /opt/backup/jobs/nightly\n"
                + "1 2 3 4 5 /bin/bash /other/jobs/cleanup\n1 2 3 4 5 /bin/bash /s/jobs/clean\n"
                + "1 2 3 4 5 /bin/bash /s/jobs/cleanup --mine\n# END fairlead\n",
            "1 2 3 4 5 /bin/bash /opt/backup/jobs/nightly\n1 2 3 4 5 /bin/bash /other/jobs/cleanup\n"
                + "1 2 3 4 5 /bin/bash /s/jobs/clean\n"
                + "1 2 3 4 5 /bin/bash /s/jobs/cleanup --mine\n"
        ),
        (
            "1 2 3 4 5 /bin/bash /opt/my/jobs/send-mail \r\n1 2 3 4 5 /bin/bash /s/jobs/cleanup\n"
                + "# END fairlead\n", "1 2 3 4 5 /bin/bash /opt/my/jobs/send-mail \r\n"
        ),
    ]

    @Test("a broken block is mended without losing a line that could be the operator's", arguments: broken)
    func mend(content: String, rest: String) {
        let mended = Crontab(bytes: Array(content.utf8)).with(entries: Self.entries, of: Self.jobs)
        #expect(mended.bytes == Array((Self.block + rest).utf8))
        #expect(Crontab(bytes: Array(content.utf8)).with(entries: [], of: Self.jobs).bytes == Array(rest.utf8))
    }

    @Test(
        "an entry is recognised as ours by its directory and its name, whatever they are; a line end in it is refused")
    func entry() throws {
        for directory in ["/s", "/s%t o'f/$x", "/ü"] {
            let jobs = JobFiles(stateDirectory: directory)
            let line = try CrontabLine.entry(schedule: "*/5  *\t* * 1-5", script: jobs.script(.healthCheck))
            #expect(line.hasPrefix("*/5 * * * 1-5 /bin/bash "))
            #expect(CrontabLine.isJob(line, of: jobs))
            #expect(!CrontabLine.isJob(line, of: Self.jobs) || directory == "/s", "another's")
        }
        #expect(throws: HostError.self) { try CrontabLine.entry(schedule: "* * * * *", script: "/a\nb") }
        for line in [
            "0 1 * * * /bin/bash /opt/x", "# 0 1 * * * /bin/bash /s/jobs/cleanup",
            "@daily /bin/bash /s/jobs/cleanup", "0 1 * * * /bin/bash /s/jobs/other",
        ] {
            #expect(!CrontabLine.isJob(line, of: Self.jobs))
        }
    }

    @Test("what 'crontab' writes above a crontab is none of it")
    func header() {
        let head = """
            # DO NOT EDIT THIS FILE - edit the master and reinstall.
            # (- installed on Sat Nov 21 14:21:56 2026)
            # (Cron version -- $Id: crontab.c,v 2.13 1994/01/17 03:20:37 vixie Exp $)

            """
        #expect(CrontabFile.withoutHeader(Array((head + "# mine\n").utf8)) == Array("# mine\n".utf8))
        #expect(CrontabFile.withoutHeader(Array("# a\n# b\n# c\n# d\n".utf8)) == Array("# a\n# b\n# c\n# d\n".utf8))
    }
}
