import Foundation
import Glibc
import Model
import TestSupport
import Testing

/// Each target in a process of its own, so that a crash costs one test and tells its input. `make fuzz` runs them for as
/// long as it is told, with another seed each time.
@Suite("What strangers write: no crash, no hang, no memory without end, no problem without a place")
struct FuzzTests {
    private static let environment = ProcessInfo.processInfo.environment

    @Test("every input is accepted, or refused in words", arguments: FuzzTarget.all.map(\.name))
    func target(name: String) async throws {
        let scratch = try Scratch()
        let file = "\(scratch.path)/input"
        let seed = Self.environment["FUZZ_SEED"].flatMap(UInt64.init) ?? 1
        let seconds = Self.environment["FUZZ_SECONDS"].flatMap(Int.init) ?? 0
        await #expect(processExitsWith: .success, "seed \(seed)") {
            [name = name as String, file = file as String, seed = seed as UInt64, seconds = seconds as Int] in
            do {
                try FuzzLoop(target: .named(name), seed: seed, file: file, seconds: seconds).run()
            } catch {
                FileHandle.standardError.write(Data("fuzz: target '\(name)', seed \(seed): \(error)\n".utf8))
                exit(1)
            }
        }
        guard let input = FileManager.default.contents(atPath: file) else { return }
        let kept = try Self.keep(input, of: name)
        Issue.record("the input is in '\(kept)'; with its fault mended it belongs to Tests/FuzzTests/Corpus/\(name)")
    }

    /// Where it outlives the test.
    private static func keep(_ input: Data, of target: String) throws -> String {
        let place = FileManager.default.temporaryDirectory.appending(path: "fairlead-fuzz-\(target)-\(UUID())")
        try input.write(to: place)
        return place.path
    }

    @Test(
        "a crash, a hang, memory without end, a fault and a problem without its line are all found",
        arguments: ["crash", "hang", "memory", "fault", "place"])
    func finds(kind: String) async throws {
        let scratch = try Scratch()
        let file = "\(scratch.path)/input"
        await #expect(processExitsWith: .failure) { [kind = kind as String, file = file as String] in
            let target = FuzzTarget(name: "plan", inputs: 1) { _ in try Self.break(kind) }
            try FuzzLoop(target: target, seed: 1, file: file, seconds: 0).run()
        }
        #expect(FileManager.default.fileExists(atPath: file))
    }

    private static func `break`(_ kind: String) throws -> Bool {
        switch kind {
        case "crash": return kill(getpid(), SIGSEGV) == 0
        case "hang":
            var turns = 0
            while true { turns &+= 1 }
        case "memory":
            var blocks: [[UInt8]] = []
            while true { blocks.append([UInt8](repeating: 1, count: 16 << 20)) }
        case "place":
            try FuzzTarget.check([PlanProblem(file: "plan.json", pointer: "/stack", message: "is wrong")])
            return true
        default: throw FuzzFault("a rule is broken")
        }
    }
}
