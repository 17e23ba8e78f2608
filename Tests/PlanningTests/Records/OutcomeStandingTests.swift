import Model
import Testing

@Suite("What follows from how a deployment ended")
struct OutcomeStandingTests {
    private typealias Outcome = DeploymentOutcome
    private typealias Standing = DeploymentOutcome.Standing

    private struct Row {
        let outcome: Outcome
        let course: Standing.Course
        let stack: Standing.Stack
        let decides: Standing.Decision
        let verdict: CommitRecord.Verdict
        let severity: Int

        init(
            _ outcome: Outcome, _ course: Standing.Course, _ stack: Standing.Stack, _ decides: Standing.Decision,
            _ verdict: CommitRecord.Verdict, _ severity: Int
        ) {
            self.outcome = outcome
            self.course = course
            self.stack = stack
            self.decides = decides
            self.verdict = verdict
            self.severity = severity
        }
    }

    private static let table = [
        Row(.deployed, .fulfilled, .desired, .always, .deployed, 0),
        Row(.tornDown, .fulfilled, .containerless, .always, .superseded, 0),
        Row(.interrupted, .interrupted, .uncertain, .onceTouched, .superseded, 0),
        Row(.refused, .failed, .untouched, .never, .refused, 1),
        Row(.previous, .failed, .previous, .always, .rolledBack, 2),
        Row(.containerless, .failed, .containerless, .always, .rolledBack, 3),
        Row(.broken, .failed, .uncertain, .unlessOfSavedPlan, .rolledBack, 4),
    ]

    @Test("every outcome says how it went, what it leaves, whether that decides what runs, and how bad it is")
    func table() throws {
        #expect(Self.table.count == Outcome.allCases.count)
        for outcome in Outcome.allCases {
            let row = try #require(Self.table.first { $0.outcome == outcome }, "\(outcome) has no row")
            let standing = outcome.standing
            #expect(standing.course == row.course, "\(outcome)")
            #expect(standing.stack == row.stack, "\(outcome)")
            #expect(standing.decides == row.decides, "\(outcome)")
            #expect(standing.verdict == row.verdict, "\(outcome)")
            #expect(standing.severity == row.severity, "\(outcome)")
        }
    }

    private static func outcomes(_ isTrue: (Standing) -> Bool) -> Set<Outcome> {
        Set(Outcome.allCases.filter { isTrue($0.standing) })
    }

    @Test("the outcomes for which each question is answered with yes")
    func questions() {
        #expect(Self.outcomes(\.isFailure) == [.refused, .previous, .containerless, .broken])
        #expect(Self.outcomes(\.isDeployed) == [.deployed])
        #expect(Self.outcomes(\.failedContainerless) == [.containerless])
        #expect(Self.outcomes(\.leavesParts) == [.refused, .broken])
        #expect(Self.outcomes(\.isOutage) == [.containerless, .broken, .interrupted])
    }

    @Test("only a failure is severe; a commit counts as deployed if it runs, as refused if a failure touched nothing")
    func rules() {
        for outcome in Outcome.allCases {
            let standing = outcome.standing
            #expect((standing.severity > 0) == standing.isFailure, "\(outcome)")
            #expect((standing.verdict == .deployed) == standing.isDeployed, "\(outcome)")
            let isRefused = standing.isFailure && standing.stack == .untouched
            #expect((standing.verdict == .refused) == isRefused, "\(outcome)")
        }
    }
}
