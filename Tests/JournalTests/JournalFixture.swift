import Journal
import Model
import Planning
import Synchronization
import TestSupport

/// A journal in a directory of its own, with a clock that the test moves.
struct JournalFixture: Sendable {
    let scratch: Scratch
    let clock = TestClock()

    init() throws { scratch = try Scratch() }

    var path: String { scratch.path + "/state/journal.sqlite" }
    /// The journal keeps the directory.
    func open(damaged: DamagePolicy = .setAside) throws -> Journal {
        try Journal.open(at: path, damaged: damaged, now: { [self] in clock.now })
    }
}

final class TestClock: Sendable {
    private let milliseconds = Mutex<Int64>(1_800_000_000_000)

    var now: Timestamp { Timestamp(milliseconds: milliseconds.withLock { $0 }) }
    func advance(milliseconds step: Int64) { milliseconds.withLock { $0 += step } }
    func advance(days: Int64) { advance(milliseconds: days * 86_400_000) }
}

enum Sample {
    static func commitID(_ number: Int) throws -> CommitID {
        let digits = String(number, radix: 16)
        let hex = String(repeating: "0", count: 8 - digits.count) + digits + String(repeating: "a", count: 32)
        guard let id = CommitID(hex) else { throw SampleError(text: hex) }
        return id
    }

    static func commit(_ number: Int) throws -> Commit {
        Commit(
            id: try commitID(number), author: "Ada Ö.", email: "ada@acme.example", time: Int64(number),
            subject: "Change \(number)", parents: number > 0 ? [try commitID(number - 1)] : [])
    }

    static func seen(_ number: Int, at time: Int64 = 1000) throws -> CommitRecord {
        CommitRecord(
            commit: try commit(number), seen: Timestamp(milliseconds: time), servedBy: "https://git.example/acme")
    }

    static func desired(version: String = "1.0.0") throws -> DesiredState {
        guard let image = ImageReference("registry.example.com/acme/web:\(version)") else {
            throw SampleError(text: version)
        }
        var web = ContainerPlan(image: .reference(image))
        web.environment["PASSWORD"] = SecretText(source: "${secret:web}")
        let plan = ResolvedPlan(stack: "acme", version: version, host: "vsn1", containers: ["web": web])
        return DesiredState(plan: plan, secretDigests: ["web": "00ff"])
    }

    static func image(_ digit: Character) -> StoredImage {
        StoredImage(
            id: "sha256:" + String(repeating: digit, count: 64), digest: nil, size: 7,
            names: ["registry.example.com/acme/web:1.0.0"])
    }

    static func new(_ commit: Int = 1, version: String = "1.0.0") throws -> NewDeployment {
        NewDeployment(
            commit: try commitID(commit), desired: try desired(version: version), trigger: .commit,
            changes: [PlanChange(subject: "web", kind: .changed, text: "image 0.9.0 -> \(version)")])
    }

    static func deployed(_ deployment: Int64, commit: Int = 1) throws -> DeployedState {
        DeployedState(
            desired: try desired(), commit: try commitID(commit), deployment: deployment, images: ["web": image("1")])
    }
}

struct SampleError: Error {
    let text: String
}
