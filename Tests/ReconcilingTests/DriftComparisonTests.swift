import Model
import Testing

@testable import Reconciling

@Suite("What runs, compared with what was deployed")
struct DriftComparisonTests {
    /// One thing that somebody did, and what is found of it.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let change: @Sendable (inout DriftFixture) -> Void
        let words: [String]
        let action: DriftAction

        init(
            _ name: String, _ words: String..., action: DriftAction = .replace(["web"]),
            change: @escaping @Sendable (inout DriftFixture) -> Void
        ) {
            testDescription = name
            self.words = words
            self.action = action
            self.change = change
        }
    }

    static let cases: [Case] = [
        Case("a whole stack is no drift", action: .nothing) { _ in },
        Case("missing", "web is missing") { $0.containers.removeLast() },
        Case("stopped", "web is stopped (exit status 3)") {
            $0.web.state = .exited
            $0.web.exitCode = 3
        },
        Case("never started", "web was created and never started") { $0.web.state = .created },
        Case("paused", "web is paused") { $0.web.state = .paused },
        Case("stopping is no state to act on", action: .nothing) { $0.web.state = .stopping },
        Case("stopping without a process is never over", "web is stopping without end: its process is gone") {
            $0.web.state = .stopping
            $0.lives["web"] = .ended
        },
        Case("stopping with a process that nobody knows", "web is stopping without end: its process is gone") {
            $0.web.state = .stopping
            $0.lives["web"] = nil
        },
        Case("running without a process", "web is called running, and its process is gone") {
            $0.lives["web"] = .ended
        },
        Case("running without a monitor", "web runs, and the engine's monitor of it is gone") {
            $0.lives["web"] = ContainerLife(age: .seconds(5), isMonitored: false)
        },
        Case("running, and nothing can be seen of it", action: .nothing) { $0.lives["web"] = nil },
        Case(
            "running, and halted by a signal", "web is halted: a signal (SIGSTOP) stopped its process",
            action: .replace(["web"])
        ) { $0.lives["web"] = ContainerLife(age: .seconds(600), isHalted: true) },
        Case(
            "a port whose rule is gone",
            "web port '80:8080' is dead: what arrives at the host's port is not led to the container",
            action: .renew(["web"])
        ) { $0.fail(.rule) },
        Case(
            "a port whose rule is gone, of a container that has to be made anew: told for that only", "web is paused"
        ) {
            $0.web.state = .paused
            $0.fail(.rule)
        },
        Case(
            "a port on which nothing listens is told of only",
            "web port '80:8080' does not answer: nothing listens inside on 8080: let the program listen on port 8080 of "
                + "every address, correct the port mapping, or write '80:8080 unchecked' where nothing has to listen",
            action: .report
        ) { $0.fail(.nobody) },
        Case(
            "rules that do not lead users to a container that answers the host are written again",
            "web port '80:8080' is dead: no rule of the host's firewall leads what arrives to the container",
            action: .renew(["web"])
        ) { $0.fail(.barred(.nowhere)) },
        Case(
            "a firewall that shuts users out is told of only",
            "web port '80:8080' is dead: the host's firewall shuts users out by rule '-A FORWARD -j DROP': let the host's "
                + "firewall accept what is forwarded to port 8080 of containers, or write '80:8080 unchecked' where nobody comes "
                + "from outside",
            action: .report
        ) { $0.fail(.barred(.closed("by rule '-A FORWARD -j DROP'"))) },
        Case(
            "a host that forwards nothing is told of, and the engine sets it anew",
            "web port '80:8080' is dead: this host forwards nothing to containers: its kernel parameter "
                + "'net.ipv4.ip_forward' is 0",
            action: .renew(["web"])
        ) { $0.fail(.barred(.still("net.ipv4.ip_forward"))) },
        Case(
            "a dead port, where the plan says report",
            "web port '80:8080' is dead: what arrives at the host's port is not led to the container", action: .report
        ) {
            $0.fail(.rule)
            $0.plan.drift = .report
        },
        Case(
            "a bridge that is down is told of once, not with each port too",
            "acme is not whole: its bridge 'fl-1' is down", action: .repairNetwork
        ) {
            $0.networkFault = .down(bridge: "fl-1")
            $0.fail(.rule)
        },
        Case(
            "a container that is gone too is made anew on a network that is whole",
            "acme is not whole: its bridge 'fl-1' is gone from the host", "web is missing", action: .repairNetwork
        ) {
            $0.networkFault = .gone(bridge: "fl-1")
            $0.containers.removeLast()
        },
        Case(
            "a name server that does not answer leads no port astray",
            "acme is not whole: its name server does not answer, so that containers do not find each other by name",
            "web port '80:8080' is dead: what arrives at the host's port is not led to the container",
            action: .repairNetwork
        ) {
            $0.networkFault = .nameless
            $0.fail(.rule)
        },
        Case(
            "a bridge without its address, where the plan says report",
            "acme is not whole: its bridge 'fl-1' has lost 10.89.7.1/24, or the way to it", action: .report
        ) {
            $0.networkFault = .bare(bridge: "fl-1", lacking: ["10.89.7.1/24"])
            $0.plan.drift = .report
        },
        Case("Docker waiting for the next start is no drift", action: .nothing) { $0.web.state = .restarting },
        Case("another image", "web runs image '2', not '1'") { $0.web.imageID = "sha256:2" },
        Case("renamed", "web was renamed to 'other'") { $0.web.name = "other" },
        Case("of an older deployment", "web was made by deployment #8, not by #9") {
            $0.web.labels[FairleadLabel.deployment] = "8"
        },
        Case("made by hand with our labels", "web was made by hand, not by #9") {
            $0.web.labels[FairleadLabel.deployment] = nil
        },
        Case("a deployment that the journal no longer knows is no drift", action: .nothing) { $0.origins = [:] },
        Case("disconnected", "web was taken out of network 'acme'") { $0.web.networks = [] },
        Case("connected to another network", "web was put into network 'other'") { $0.web.networks.insert("other") },
        Case("limited by hand", "web memory is limited to 48 MiB, not to nothing") {
            $0.limits["web"] = ResourcePlan(memory: ByteCount(bytes: 48 << 20))
        },
        Case(
            "limits lifted by hand",
            "web memory is limited to nothing, not to 32 MiB, cpus is limited to nothing, not to 0.5, "
                + "pids is limited to 2048, not to 100"
        ) {
            $0.plan.containers["web"]?.resources = ResourcePlan(
                memory: ByteCount(bytes: 32 << 20), cpus: 0.5, pids: 100)
            $0.limits["web"] = ResourcePlan(pids: 2048)
        },
        Case("limits as the kernel rounds them are no drift", action: .nothing) {
            $0.plan.containers["web"]?.resources = ResourcePlan(memory: ByteCount(bytes: 50_000_001), cpus: 0.333)
            $0.limits["web"] = ResourcePlan(memory: ByteCount(bytes: 49_999_872), cpus: 0.333, pids: 2048)
        },
        Case(
            "a data directory that was moved away from a running container",
            "web data directory 'pages' is missing: \(DriftFixture.wayBack)", action: .report
        ) { $0.changePages(.missing) },
        Case(
            "a link or a file in the place of a data directory",
            "web data directory 'pages' has a link or a file in its place or above it: \(DataChange.unblocking)",
            action: .report
        ) { $0.changePages(.blocked) },
        Case(
            "a data directory whose disk fails",
            "web data directory 'pages' cannot be read: \(DataChange.unreadable.onlyWay ?? "")", action: .report
        ) { $0.changePages(.unreadable) },
        Case(
            "a data directory emptied by hand, whatever the plan says of drift",
            "web data directory 'pages' held data and is empty: \(DriftFixture.wayBack)", action: .report
        ) {
            $0.changePages(.emptied)
            $0.plan.drift = .report
        },
        Case(
            "a disk taken away below a container that still holds it",
            "web data directory 'pages' is another directory than it was: \(DriftFixture.wayBack)", action: .report
        ) { $0.changePages(.replaced) },
        Case(
            "a container that the engine restarted on another directory is stopped, whatever the plan says of drift",
            "web data directory 'pages' is another directory than it was: \(DriftFixture.wayBack)"
        ) {
            $0.changePages(.replaced)
            $0.strayed = ["web"]
            $0.plan.drift = .report
        },
        Case(
            "a container that still works in the directory in whose place another one was adopted is made anew",
            "web works in another directory than what data directory 'pages' is now"
        ) {
            $0.plan.containers["web"]?.volumes = [VolumePlan(source: .data("pages"), target: "/pages")]
            $0.leftBehind = ["web": ["pages"]]
        },
        Case(
            "a disk that is away is told, whatever else a container works in",
            "web data directory 'pages' is another directory than it was: \(DriftFixture.wayBack)", action: .report
        ) {
            $0.changePages(.replaced)
            $0.leftBehind = ["web": ["files"]]
        },
        Case(
            "a container that the engine started after a boot without its data is stopped",
            "web data directory 'pages' is missing: \(DriftFixture.wayBack)", action: .establish
        ) {
            $0.changePages(.missing)
            $0.booted = true
        },
        Case(
            "a container that the plan does not have",
            "old container 'acme-old' carries fairlead's labels and is not in the plan", action: .replace(["old"])
        ) { $0.containers.append(DriftFixture.container("old", deployment: 3)) },
        Case(
            "a second container of the same name is called by its own, so that the first one runs on",
            "clone container 'clone' carries fairlead's labels and is not in the plan", action: .replace(["clone"])
        ) {
            var clone = $0.web
            clone.id = "clone"
            clone.name = "clone"
            $0.containers.insert(clone, at: 0)
            $0.containers.swapAt(0, 1)
        },
        Case(
            "a foreign container on our network",
            "guest is on the stack's network 'acme', and fairlead did not make it", action: .report
        ) {
            $0.containers.append(DriftFixture.guest)
        },
        Case("a foreign container elsewhere is nobody's business", action: .nothing) {
            $0.containers.append(
                ContainerStatus(id: "g", name: "guest", imageID: "sha256:3", state: .running, networks: ["podman"]))
        },
        Case("the network is gone", "acme the stack's network does not exist", action: .establish) {
            $0.networks = ["podman"]
        },
        Case("everything is down", "database is missing", "web is stopped (exit status 0)", action: .establish) {
            $0.web.state = .exited
            $0.containers.removeFirst()
        },
        Case(
            "one that the health check gave up on is left",
            "web is stopped (exit status 0); the health check gave up on it: 'fairlead retry' or a new deployment "
                + "starts it again", action: .report
        ) {
            $0.web.state = .exited
            $0.givenUp = ["web"]
        },
        Case(
            "after a boot a single one that is down is reason to start all in order", "web is missing",
            action: .establish
        ) {
            $0.containers.removeLast()
            $0.booted = true
            $0.plan.drift = .report
        },
        Case("reported only, where the plan says so", "web is missing", action: .report) {
            $0.containers.removeLast()
            $0.plan.drift = .report
        },
    ]

    @Test("each difference is found, named, and answered", arguments: cases)
    func differences(_ example: Case) throws {
        var fixture = try DriftFixture()
        example.change(&fixture)
        #expect(try fixture.words() == example.words)
        #expect(try fixture.look().action == example.action)
    }

    @Test("everything is down and the health check gave up on all of it: nothing is started")
    func allGivenUp() throws {
        var fixture = try DriftFixture()
        fixture.containers = []
        fixture.givenUp = ["database", "web"]
        #expect(try fixture.look().action == .report)
    }

    @Test("what the engine restarts between two looks is confirmed by neither, what lasts is")
    func confirmation() throws {
        var fixture = try DriftFixture()
        let whole = try fixture.look()
        fixture.web.state = .exited
        let first = try fixture.look()
        #expect(first.confirming(first).action == .replace(["web"]))
        #expect(first.confirming(whole).action == .nothing)
        fixture.web.restarts = 1
        #expect(try fixture.look().confirming(first).action == .nothing)
    }
}
