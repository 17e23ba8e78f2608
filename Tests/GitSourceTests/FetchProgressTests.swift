import InMemoryLogging
import Logging
import Testing

@testable import GitSource

@Suite("the progress of a fetch")
struct FetchProgressTests {
    typealias Counts = FetchProgress.Counts

    @Test(
        "the phase, the share and the words follow from what the library counts",
        arguments: [
            (Counts(), FetchProgress.Phase.receiving, "receiving"),
            (
                Counts(totalObjects: 200, receivedObjects: 90, receivedBytes: 14_050_000), .receiving,
                "receiving, 45 %, 13.3 MiB"
            ),
            // The checksum may still be missing: a server that falls silent here is a silent server.
            (Counts(totalObjects: 9, receivedObjects: 9, receivedBytes: 1024), .receiving, "receiving, 100 %, 1 KiB"),
            (
                Counts(totalObjects: 9, receivedObjects: 9, totalDeltas: 4, indexedDeltas: 1, receivedBytes: 1024),
                .resolving, "resolving, 25 %, 1 KiB"
            ),
            (
                Counts(totalObjects: 9, receivedObjects: 9, totalDeltas: 4, indexedDeltas: 4, receivedBytes: 1024),
                .storing, "storing, 1 KiB"
            ),
        ])
    func counts(counts: Counts, phase: FetchProgress.Phase, words: String) {
        var progress = FetchProgress()
        progress.take(counts)
        #expect(progress.phase == phase)
        #expect(progress.words == words)
        #expect(progress.isLocal == (phase == .storing))
    }

    @Test("only what the server has no part in may be silent", arguments: [FetchProgress.Phase.waiting, .storing])
    func local(phase: FetchProgress.Phase) {
        var progress = FetchProgress()
        #expect(!progress.isLocal)
        progress.enter(phase)
        #expect(progress.isLocal)
    }

    @Test("a short fetch is not told of, a long one now and then")
    func log() {
        let log = InMemoryLogHandler()
        let start = ContinuousClock.now
        let fetch = FetchLog(url: "x", logger: Logger(label: "x") { _ in log }, start: start)
        for second in 0..<120 { fetch.note(FetchProgress(), at: start + .seconds(second)) }
        #expect(log.entries.count == 6)
    }
}
