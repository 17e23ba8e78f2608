import Foundation
import Glibc
import Journal
import Model
import TestSupport
import Testing

@Suite("A process that writes the journal is killed")
struct JournalCrashTests {
    @Test("what a method recorded before the kill is there, and the deployment is found unfinished")
    func afterReturn() async throws {
        let fixture = try JournalFixture()
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = fixture.path as String] in
            let journal = try Journal.open(at: path, now: { Timestamp(milliseconds: 5) })
            let id = try await journal.begin(Sample.new())
            try await journal.stepStarted(.validate, of: id)
            try await journal.record(.imageReady, container: "web", image: Sample.image("1"), of: id)
            kill(getpid(), SIGKILL)
        }
        // A reader first: the log of the dead writer has to be found without one.
        #expect(try await Journal.openReadOnly(at: fixture.path).unfinishedDeployment()?.id == 1)
        let found = try #require(try await fixture.open().unfinishedDeployment())
        #expect(found.steps == [StepRecord(step: .validate, started: Timestamp(milliseconds: 5))])
        #expect(found.containers.map(\.phase) == [.imageReady])
        #expect(found.images == ["web": Sample.image("1")])
    }

    @Test("in the midst of writing: nothing is half there", arguments: [20, 60, 150])
    func midst(milliseconds: Int) async throws {
        let fixture = try JournalFixture()
        await #expect(processExitsWith: .signal(SIGKILL)) {
            [path = fixture.path as String, delay = milliseconds as Int] in
            let journal = try Journal.open(at: path, now: { Timestamp(milliseconds: 5) })
            let killer = Thread {
                usleep(UInt32(delay) * 1000)
                kill(getpid(), SIGKILL)
            }
            killer.start()
            for number in 0..<1_000_000 {
                let id = try await journal.begin(Sample.new(number))
                try await journal.end(id, DeploymentEnd(outcome: .deployed, deployed: Sample.deployed(id)))
                try "\(id)".write(toFile: path + ".done", atomically: true, encoding: .utf8)
            }
        }
        let journal = try fixture.open()
        #expect(journal.setAside == nil)
        let done = (try? String(contentsOfFile: fixture.path + ".done", encoding: .utf8)).flatMap(Int64.init) ?? 0
        let deployed = try await journal.deployedState()?.deployment ?? 0
        #expect(deployed == done || deployed == done + 1)
        let unfinished = try await journal.unfinishedDeployment()
        #expect(unfinished == nil || unfinished?.id == deployed + 1)
    }
}
