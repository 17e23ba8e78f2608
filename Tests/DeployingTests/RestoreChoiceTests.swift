import Model
import Testing

@testable import Deploying

@Suite("What a deployment does about data directories")
struct RestoreChoiceTests {
    private static let unknown: [String: DataFinding] = [
        "gone": DataFinding(condition: .missing), "bare": DataFinding(condition: .empty),
        "half": DataFinding(condition: .unfinished), "full": DataFinding(condition: .filled),
    ]
    private static let all: Set = ["gone", "bare", "half", "full"]

    private func choice(
        _ findings: [String: DataFinding], inUse: Set<String> = [], _ trigger: DeploymentTrigger,
        restores: Bool = true
    ) -> RestoreChoice {
        RestoreChoice.about(findings, inUse: inUse, trigger: trigger, restores: restores)
    }

    @Test("J9: on a host that runs nothing yet, all that are not filled come from backups")
    func newHost() {
        #expect(choice(Self.unknown, .commit) == .fill(["gone", "bare", "half"]))
        #expect(choice(Self.unknown, .commit, restores: false) == .fill([]))
    }

    @Test("of a host that an older Fairlead deployed nothing is known: what is missing is not replaced unasked")
    func unknown() {
        #expect(choice(Self.unknown, inUse: ["bare"], .commit) == .fill(["gone", "half"]))
        let lost = RestoreChoice.lost([DataLoss(name: "gone", change: .missing)])
        #expect(choice(Self.unknown, inUse: ["gone", "bare"], .retry) == lost)
        #expect(choice(Self.unknown, inUse: ["gone", "bare"], .manual) == .fill(["gone", "half"]))
    }

    @Test(
        "S7: what is only started again fills nothing, and does not start on data that is gone, with backups or without",
        arguments: [.boot, .drift] as [DeploymentTrigger], [true, false])
    func restarts(trigger: DeploymentTrigger, restores: Bool) {
        let lost = ["gone", "half"].map { DataLoss(name: $0, change: .missing) }
        #expect(choice(Self.unknown, inUse: Self.all, trigger, restores: restores) == .lost(lost))
        let rest = Self.unknown.filter { ["bare", "full"].contains($0.key) }
        #expect(choice(rest, inUse: Self.all, trigger, restores: restores) == .fill([]))
    }

    private static func mark(inode: UInt64 = 1, held: Bool = true, released: Bool = false) -> DataMark {
        DataMark(fileSystem: FileSystemMark(uuid: "disk", device: 1), inode: inode, held: held, released: released)
    }

    @Test("a roll back counts on what lies where it was, emptied or not, and on nothing in the middle of an exchange")
    func displaced() {
        func losses(
            _ condition: DataCondition, _ found: DataMark?, released: Bool = false, exchanging: Set<String> = []
        ) -> [DataLoss] {
            let finding = DataFinding(condition: condition, found: found, known: Self.mark(released: released))
            return DataLoss.displaced(among: ["db": finding], exchanging: exchanging)
        }
        #expect(losses(.missing, nil) == [DataLoss(name: "db", change: .missing)])
        #expect(losses(.filled, Self.mark(inode: 2)) == [DataLoss(name: "db", change: .replaced)])
        #expect(losses(.filled, Self.mark()) == [])
        #expect(losses(.empty, Self.mark(held: false)) == [])
        #expect(losses(.missing, nil, released: true, exchanging: ["db"]) == [])
        #expect(losses(.missing, nil, released: true, exchanging: ["up"]) == [DataLoss(name: "db", change: .missing)])
        #expect(DataLoss.displaced(among: Self.unknown) == [])
    }

    @Test("after a teardown, too, an empty mount point is no data: what holds something was put there, nothing else")
    func displacedAfterTeardown() {
        func losses(_ condition: DataCondition, _ found: DataMark?) -> [DataLoss] {
            let finding = DataFinding(condition: condition, found: found, known: Self.mark(released: true))
            return DataLoss.displaced(among: ["db": finding])
        }
        #expect(losses(.missing, nil) == [DataLoss(name: "db", change: .missing)])
        #expect(losses(.empty, Self.mark(inode: 2, held: false)) == [DataLoss(name: "db", change: .replaced)])
        #expect(losses(.filled, Self.mark(inode: 2)) == [])
        #expect(losses(.empty, Self.mark(held: false)) == [])
    }

    /// One that was in use, and is not what it was.
    struct Changed: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let condition: DataCondition
        var found: DataMark?
        let change: DataChange

        func finding(released: Bool = false) -> [String: DataFinding] {
            ["db": DataFinding(condition: condition, found: found, known: mark(released: released))]
        }

        static let all = [
            Changed(testDescription: "missing", condition: .missing, change: .missing),
            Changed(
                testDescription: "an empty mount point", condition: .empty, found: mark(inode: 2, held: false),
                change: .replaced),
            Changed(
                testDescription: "another directory", condition: .filled, found: mark(inode: 2), change: .replaced),
            Changed(testDescription: "emptied", condition: .empty, found: mark(held: false), change: .emptied),
        ]
    }

    @Test(
        "nothing is started on a directory that is not what it was, whether it counts as deployed or not",
        arguments: Changed.all, [.commit, .hotfix, .retry, .recovery, .boot, .drift] as [DeploymentTrigger])
    func changed(changed: Changed, trigger: DeploymentTrigger) {
        let lost = RestoreChoice.lost([DataLoss(name: "db", change: changed.change)])
        for inUse: Set<String> in [["db"], []] {
            for restores in [true, false] {
                #expect(choice(changed.finding(), inUse: inUse, trigger, restores: restores) == lost)
            }
        }
    }

    @Test("an operator's word fills it from backups where it holds nothing, and never lets it start empty")
    func forced() {
        for changed in Changed.all {
            let lost = RestoreChoice.lost([DataLoss(name: "db", change: changed.change)])
            let isFree = changed.condition != .filled
            #expect(choice(changed.finding(), inUse: ["db"], .manual) == (isFree ? .fill(["db"]) : lost))
            #expect(choice(changed.finding(), inUse: ["db"], .manual, restores: false) == lost)
        }
    }

    @Test(
        "nothing is started on a link, a file, or what cannot be read, and nothing is put there, whatever an operator says",
        arguments: [.commit, .manual, .retry, .boot, .drift] as [DeploymentTrigger], [true, false])
    func blocked(trigger: DeploymentTrigger, released: Bool) {
        let looks: [(DataMark?, DataChange)] = [(nil, .blocked), (Self.mark(inode: 2), .replaced)]
        for (found, change) in looks {
            let finding = DataFinding(condition: .blocked, found: found, known: Self.mark(released: released))
            let lost = RestoreChoice.lost([DataLoss(name: "db", change: change)])
            for restores in [true, false] {
                #expect(choice(["db": finding], inUse: ["db"], trigger, restores: restores) == lost)
            }
        }
        let unread = DataFinding(condition: .unreadable, known: Self.mark(released: released))
        let lost = RestoreChoice.lost([DataLoss(name: "db", change: .unreadable)])
        #expect(choice(["db": unread], inUse: ["db"], trigger) == lost)
        let blocked = DeploymentError.lostData([DataLoss(name: "db", change: .blocked)], restores: true)
        #expect(blocked.hint == DataChange.unblocking, "no word takes it, and nothing is restored into it")
    }

    @Test("after a teardown data comes from backups, or is what the operator put there, but it does not start empty")
    func released() {
        for changed in Changed.all {
            let isFilled = changed.condition == .filled
            let finding = changed.finding(released: true)
            #expect(choice(finding, .commit) == .fill(isFilled ? [] : ["db"]))
            let lost = RestoreChoice.lost([DataLoss(name: "db", change: changed.change)])
            #expect(choice(finding, .commit, restores: false) == (isFilled ? .fill([]) : lost))
        }
    }

    @Test("what held data, or may have, is owed a backup of its own; what never held anything may start empty")
    func owed() {
        func owed(
            _ findings: [String: DataFinding], inUse: Set<String> = ["db"], _ trigger: DeploymentTrigger
        ) -> [DataLoss] {
            RestoreChoice.owed(findings, inUse: inUse, trigger: trigger, restores: true)
        }
        for changed in Changed.all where changed.condition != .filled {
            let loss = [DataLoss(name: "db", change: changed.change)]
            #expect(owed(changed.finding(), .manual) == loss)
            #expect(owed(changed.finding(released: true), inUse: [], .commit) == loss)
        }
        let unknown = ["db": DataFinding(condition: .missing)]
        #expect(owed(unknown, .manual) == [DataLoss(name: "db", change: .missing)])
        #expect(owed(unknown, inUse: [], .commit) == [])
        let neverUsed = DataFinding(condition: .missing, known: Self.mark(held: false))
        #expect(owed(["db": neverUsed], .manual) == [])
    }

    @Test("the error names each directory with what is wrong, and the ways to go on")
    func words() {
        let losses = [DataLoss(name: "a", change: .missing), DataLoss(name: "b", change: .emptied)]
        let saved = DeploymentError.lostData(losses, restores: true)
        #expect(
            saved.message
                == "the data of 'a' was on this host and is gone; the data of 'b' was on this host, and the directory is "
                + "empty now")
        #expect(saved.hint.contains("'fairlead reconcile --force' restores the newest backup"))
        #expect(saved.hint.contains("\"mayBeEmpty\": true"))
        #expect(saved.hint.hasSuffix("'fairlead adopt --data a --data b'"))
        #expect(saved.disposition == .transient && saved.lasts)
        #expect(!DeploymentError.lostData(losses, restores: false).hint.contains("--force"))
    }
}
