import Model
import Testing

@testable import Reconciling

/// A deployed stack of two containers, and what runs of it; each test changes what it is about.
struct DriftFixture {
    var plan: ResolvedPlan
    var containers: [ContainerStatus]
    var networks: Set<String> = ["acme", "podman"]
    var limits: [String: ResourcePlan] = [:]
    var givenUp: Set<String> = []
    var origins: [String: Int64] = ["database": 7, "web": 9]
    var booted = false
    var changedData: [String: DataChange] = [:]
    var strayed: Set<String> = []
    var leftBehind: [String: Set<String>] = [:]
    /// By container id.
    var lives = [
        "database": ContainerLife(age: .seconds(600)), "web": ContainerLife(age: .seconds(600)),
    ]
    var deadPorts: [PortFault] = []
    var networkFault: NetworkFault?

    init() throws {
        let image = ImageSource.reference(try #require(ImageReference("registry.example.com/acme/web:1")))
        plan = ResolvedPlan(
            stack: "acme", version: "1", host: "vsn1",
            containers: ["database": ContainerPlan(image: image), "web": ContainerPlan(image: image)])
        containers = [Self.container("database", deployment: 7), Self.container("web", deployment: 9)]
    }

    static func container(_ name: String, deployment: Int64) -> ContainerStatus {
        ContainerStatus(
            id: name, name: "acme-\(name)", imageID: "sha256:1", state: .running,
            labels: [
                FairleadLabel.stack: "acme", FairleadLabel.container: name, FairleadLabel.deployment: "\(deployment)",
            ], networks: ["acme"])
    }

    /// On the stack's network, and not of it.
    static let guest = ContainerStatus(
        id: "g", name: "guest", imageID: "sha256:3", state: .running, networks: ["acme"])

    /// Of the container `web`.
    var web: ContainerStatus {
        get { containers[1] }
        set { containers[1] = newValue }
    }

    func look() throws -> StackObservation {
        let images = Dictionary(uniqueKeysWithValues: plan.containers.keys.map { ($0, StoredImage(id: "sha256:1")) })
        var observed = ObservedStack(
            containers: containers, networks: networks, limits: limits, givenUp: givenUp, origins: origins,
            changedData: changedData)
        observed.strayed = strayed
        observed.leftBehind = leftBehind
        observed.lives = lives
        observed.deadPorts = deadPorts
        observed.networkFault = networkFault
        return StackObservation(
            DeployedState(
                desired: DesiredState(plan: plan), commit: try #require(CommitID(String(repeating: "a", count: 40))),
                deployment: 9, images: images),
            observed, booted: booted)
    }

    /// `SUBJECT TEXT` of each finding.
    func words() throws -> [String] { try look().findings.map { "\($0.subject) \($0.text)" } }

    /// The data directory of `web` is another one than it was.
    mutating func changePages(_ change: DataChange) {
        plan.containers["web"]?.volumes = [VolumePlan(source: .data("pages"), target: "/pages")]
        changedData = ["pages": change]
    }

    /// A published port of `web` does not answer.
    mutating func fail(_ cause: PortFault.Cause) {
        deadPorts = PortMapping("80:8080").map { [PortFault(container: "web", mapping: $0, cause: cause)] } ?? []
    }

    static let wayBack =
        "mount its disk or move it back; where it is right as it is now: 'fairlead adopt --data pages'"
}
