import Model
import Testing

@Suite("What a host that is held back still does")
struct SuspensionStandingTests {
    private typealias Kind = Suspension.Kind

    private static func kinds(_ isTrue: (Kind.Standing) -> Bool) -> Set<Kind> {
        Set(Kind.allCases.filter { isTrue($0.standing) })
    }

    @Test("the kinds for which each question is answered with yes")
    func questions() {
        #expect(Self.kinds(\.leavesStack) == [.suspended])
        #expect(Self.kinds(\.isElsewhere) == [.moved])
        #expect(Self.kinds(\.isFault) == [.foreign])
        #expect(Self.kinds(\.allowsRetry) == [.suspended, .moved])
        #expect(Self.kinds(\.allowsImport) == [.suspended, .maintenance])
    }
}
