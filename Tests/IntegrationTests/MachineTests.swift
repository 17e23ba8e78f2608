import Foundation
import Journal
import Model
import Processes
import TestSupport
import Testing

@Suite(
    "J10: two machines never run one host", .enabled(if: VSN.unavailable == nil),
    .enabled(if: FileManager.default.contents(atPath: "/etc/machine-id")?.isEmpty == false, "no /etc/machine-id"),
    .timeLimit(.minutes(5)))
struct MachineTests {
    @Test("a disk of another machine does nothing until it is adopted")
    func movedDisk() async throws {
        try await VSN.deployed { vsn in
            try await vsn.sandbox.podman("stop", "--all", "--time", "1")
            try await vsn.becomesAnothers()
            let held = try await vsn.fairlead("reconcile")
            #expect(held.status == 5)
            #expect(held.text.contains("is of another machine, host 'old' (feed); this one is "))
            #expect(held.text.contains("'fairlead adopt'"))
            #expect(try await vsn.running() == [])
            // The cron jobs know it too.
            #expect(vsn.marker?.contains("another machine") == true)
            for verb in [["resume"], ["maintenance", "end"], ["retry"]] {
                let refused = try await vsn.fairlead(verb)
                #expect(refused.status == 5 && refused.errorTail.contains("'fairlead adopt'"), "\(refused.errorTail)")
            }
            #expect(try await vsn.fairlead("status").text.contains("'fairlead adopt'"))
            #expect(try await vsn.fairlead("doctor").text.contains("of another machine, host 'old'"))
            let adopted = try await vsn.fairlead("adopt")
            #expect(adopted.status == 0 && adopted.text == "adopted from host 'old', machine feed\n")
            #expect(vsn.marker == nil)
            #expect(try await vsn.fairlead("reconcile").status == 0)
            #expect(await vsn.served() == "1.0.0")
            #expect(try await vsn.fairlead("adopt").errorTail.contains("this machine's already"))
        }
    }

    @Test("the daemon of a second copy of a disk starts nothing, and follows the repo once it is adopted")
    func daemon() async throws {
        try await VSN.deployed { vsn in
            try await vsn.sandbox.podman("stop", "--all", "--time", "1")
            try await vsn.becomesAnothers()
            try await vsn.withDaemon { _ in
                // Three times the interval.
                try await Task.sleep(for: .seconds(3))
                #expect(try await vsn.running() == [])
                #expect(try await vsn.fairlead("adopt").status == 0)
                for _ in 0..<300 where await vsn.served() == nil { try await Task.sleep(for: .milliseconds(200)) }
                #expect(await vsn.served() == "1.0.0")
            }
        }
    }

    @Test("people get a mail when a host is held back, once, and one when it is adopted or back on its machine")
    func mails() async throws {
        try await VSN.deployed(with: VSN.healthy) { vsn in
            let own = try #require(try await vsn.journal().machine())
            let held = "held back: this is another machine, nothing is started"
            let end = "recovered: the host is not held back any more"
            try await vsn.becomesAnothers()
            for _ in 1...2 {
                #expect(try await vsn.fairlead("reconcile").status == 5)
                #expect(try await vsn.openSubjects() == ["host"])
                #expect(try vsn.subjects() == [held])
            }
            #expect(try vsn.mails().first?.body.contains("host 'old' (feed); this one is \(own.machine)") == true)
            #expect(try await vsn.fairlead("adopt").status == 0)
            #expect(try await vsn.openSubjects() == [])
            #expect(try await vsn.fairlead("reconcile").status == 0)
            #expect(try vsn.subjects() == [held, end])

            try await vsn.becomesAnothers()
            #expect(try await vsn.fairlead("reconcile").status == 5)
            try await vsn.becomes(own)
            #expect(try await vsn.fairlead("reconcile").status == 0)
            #expect(try await vsn.openSubjects() == [])
            #expect(try vsn.subjects() == [held, end, held, end])
        }
    }

    @Test("data of another machine below a new state directory are not taken unasked")
    func copiedData() async throws {
        try await VSN.deployed { vsn in
            try vsn.markData(machine: "feed")
            try vsn.configure(["stateDirectory": "\(vsn.scratch.path)/new-state"])
            let held = try await vsn.fairlead("reconcile")
            #expect(held.status == 5 && held.text.contains("data in '\(vsn.scratch.path)/data' are of another machine"))
            #expect(await vsn.served() == "1.0.0", "the containers of before run on")
        }
    }

    @Test("what is back on its own machine goes on by itself; a damaged mark says what to do")
    func back() async throws {
        try await VSN.deployed { vsn in
            let own = try #require(try await vsn.journal().machine())
            try await vsn.becomesAnothers()
            #expect(try await vsn.fairlead("reconcile").status == 5)
            try await vsn.becomes(own)
            #expect(try await vsn.fairlead("reconcile").status == 0)
            try vsn.scratch.write("{", to: "data/.fairlead-host.json")
            let damaged = try await vsn.fairlead("reconcile")
            #expect(damaged.status == 1 && damaged.errorTail.contains("'fairlead adopt' writes it anew"))
            #expect(try await vsn.fairlead("adopt").status == 0)
            #expect(try await vsn.fairlead("reconcile").status == 0)
        }
    }
}

extension VSN {
    /// As if the disk had come from another machine.
    fileprivate func becomesAnothers() async throws {
        try await ownJournal().setMachine(MachineMark(machine: "feed", host: "old"))
        try markData(machine: "feed")
    }

    fileprivate func becomes(_ own: MachineMark) async throws {
        try await ownJournal().setMachine(own)
        try markData(machine: own.machine)
    }

    fileprivate func markData(machine: String) throws {
        try scratch.write(#"{"host": "old", "machine": "\#(machine)"}"#, to: "data/.fairlead-host.json")
    }

    fileprivate func ownJournal() throws -> Journal {
        try Journal.open(
            at: "\(scratch.path)/state/journal.sqlite", damaged: .refuse, now: { Timestamp(milliseconds: 0) })
    }
}
