import Model
import Planning
import Testing

@Suite("Random damage to a plan")
struct PlanFuzzTests {
    /// Deterministic, so that a failure can be repeated.
    struct Dice: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state >> 33) ^ (state << 31)
        }
    }

    @Test("bytes: a document or problems with a line, never a crash", arguments: 0..<8)
    func bytes(seed: Int) {
        var dice = Dice(state: UInt64(seed))
        for _ in 0..<100 {
            let damaged = Self.damaged(ExamplePlan.bytes, &dice)
            do throws(PlanProblems) {
                let document = try JSONDocument(file: "plan.json", bytes: damaged)
                for problem in JSONSchema.plan.problems(of: document) {
                    #expect(problem.line != nil && !problem.description.contains("\n"))
                }
            } catch {
                #expect(!error.problems.isEmpty && error.problems.allSatisfy { $0.line != nil })
            }
        }
    }

    @Test("values: our words and valijson's verdict agree", arguments: 0..<8)
    func values(seed: Int) throws {
        var dice = Dice(state: UInt64(seed) &+ 77)
        let document = try JSONDocument(file: "plan.json", bytes: ExamplePlan.bytes)
        for _ in 0..<100 {
            let value = Self.mutated(document.value, depth: 0, &dice)
            for problem in JSONSchema.plan.problems(of: document, at: value) {
                // valijson's raw words begin with a capital letter.
                #expect(problem.message.first?.isUppercase == false, "\(problem)")
            }
        }
    }

    private static func damaged(_ bytes: [UInt8], _ dice: inout Dice) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...4, using: &dice) {
            let index = Int.random(in: 0..<bytes.count, using: &dice)
            switch Int.random(in: 0..<4, using: &dice) {
            case 0: bytes[index] = UInt8.random(in: 0...255, using: &dice)
            case 1: bytes.remove(at: index)
            case 2: bytes.insert(contentsOf: Array("{}[],:\"\\0".utf8).shuffled(using: &dice).prefix(2), at: index)
            default: bytes.removeSubrange(index..<min(bytes.count, index + 20))
            }
        }
        return bytes
    }

    private static let strays: [JSONValue] = [
        .null, .bool(true), .number("-1"), .number("1e400"), .number("0.5"), .string(""), .string("${secret:x}\n"),
        .array([]), .array([.null]), .object([:]), .object(["": .null, "a/b~": .number("1")]),
    ]

    private static func mutated(_ value: JSONValue, depth: Int, _ dice: inout Dice) -> JSONValue {
        if Int.random(in: 0..<40, using: &dice) == 0, depth > 0 { return strays.randomElement(using: &dice) ?? .null }
        switch value {
        case .array(let elements): return .array(elements.map { mutated($0, depth: depth + 1, &dice) })
        case .object(let members):
            var changed: [String: JSONValue] = [:]
            for (name, member) in members.sorted(by: { $0.key < $1.key }) {
                let name = Int.random(in: 0..<60, using: &dice) == 0 ? String(name.reversed()) : name
                guard Int.random(in: 0..<60, using: &dice) > 0 else { continue }
                changed[name] = mutated(member, depth: depth + 1, &dice)
            }
            return .object(changed)
        default: return value
        }
    }
}
