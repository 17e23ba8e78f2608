import Testing

@testable import ContainerEngine

@Suite("A transfer that does not get on")
struct StallTests {
    @Test("M4: drops of an answer do not keep a transfer up")
    func drops() async {
        await #expect(throws: EngineError.self) {
            try await Deadline.run(.seconds(60), idle: .milliseconds(100), "load 'x'") { activity in
                while true {
                    activity.note(bytes: 1)
                    try await Task.sleep(for: .milliseconds(1))
                }
            }
        }
    }

    @Test("one that gets on slowly is not ended")
    func slow() async throws {
        try await Deadline.run(.seconds(60), idle: .seconds(20), "load 'x'") { activity in
            for _ in 0..<10 { activity.note(bytes: 64 << 10) }
        }
        let activity = Activity()
        let begin = activity.latest
        activity.note(bytes: 10)
        #expect(activity.latest == begin)
        activity.note(bytes: 64 << 10)
        #expect(activity.latest > begin)
    }
}
