import Model
import Testing

@testable import Deploying

@Suite("A crashing container is told from one that is being restarted")
struct CrashWatchTests {
    private func status(_ state: ContainerStatus.State, restarts: Int) -> ContainerStatus {
        ContainerStatus(id: "1", name: "web", imageID: "i", state: state, exitCode: 1, restarts: restarts)
    }

    @Test("a container that stays down longer than the engine's restart takes has ended")
    func ended() {
        var watch = CrashWatch()
        #expect(watch.judge(status(.exited, restarts: 0), elapsed: .milliseconds(100)) == .down)
        #expect(watch.judge(status(.exited, restarts: 0), elapsed: .milliseconds(20000)) == .down)
        #expect(watch.judge(status(.exited, restarts: 0), elapsed: .milliseconds(20200)) == .ended)
    }

    @Test("one restart is not a crash loop, three are")
    func crashLoop() {
        var watch = CrashWatch()
        #expect(watch.judge(status(.running, restarts: 0), elapsed: .zero) == .running)
        #expect(watch.judge(status(.running, restarts: 1), elapsed: .seconds(1)) == .restarted)
        #expect(watch.judge(status(.running, restarts: 1), elapsed: .seconds(2)) == .running)
        #expect(watch.judge(status(.exited, restarts: 2), elapsed: .seconds(3)) == .down)
        #expect(watch.judge(status(.running, restarts: 3), elapsed: .seconds(4)) == .crashLoop)
    }

    @Test("one that was restarted and stays down crashes in a loop, however long the engine takes")
    func slowLoop() {
        var watch = CrashWatch()
        #expect(watch.judge(status(.exited, restarts: 1), elapsed: .seconds(1)) == .down)
        #expect(watch.judge(status(.exited, restarts: 1), elapsed: .seconds(22)) == .crashLoop)
    }

    @Test("running again forgets the time that it was down")
    func recovers() {
        var watch = CrashWatch()
        _ = watch.judge(status(.exited, restarts: 0), elapsed: .zero)
        #expect(watch.judge(status(.running, restarts: 1), elapsed: .seconds(1)) == .restarted)
        #expect(watch.judge(status(.exited, restarts: 1), elapsed: .seconds(21)) == .down)
    }
}
