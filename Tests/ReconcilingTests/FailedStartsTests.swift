import Model
import Testing

@testable import Reconciling

@Suite("What a failed start needs to count as mended")
struct FailedStartsTests {
    @Test("a repair is mended when its own container runs on, however the others are")
    func repairs() throws {
        let failed = FailedStarts(repairs: ["database", "web"], ofStack: false, beside: try DriftFixture().look())
        #expect(failed.watched == ["database", "web"])
        #expect(failed.recovered(["web"]) == ["web"])
        #expect(failed.recovered([]) == [])
        #expect(failed.isAnyRecovered(["web"]) && !failed.isAnyRecovered([]))
    }

    @Test("what differs still is not mended, whatever runs of it")
    func differing() throws {
        var fixture = try DriftFixture()
        fixture.web.state = .paused
        let failed = FailedStarts(repairs: ["web"], ofStack: true, beside: try fixture.look())
        #expect(failed.isEmpty)
        fixture.networks = []
        #expect(FailedStarts(repairs: [], ofStack: true, beside: try fixture.look()).isEmpty)
    }

    @Test("the whole stack is mended when all of it runs on; what is only told of does not matter")
    func stack() throws {
        var fixture = try DriftFixture()
        fixture.containers.append(DriftFixture.guest)
        let failed = FailedStarts(repairs: [], ofStack: true, beside: try fixture.look())
        #expect(failed.watched == ["database", "web"])
        #expect(failed.isStackRecovered(["database", "web"]) && !failed.isStackRecovered(["web"]))
        #expect(!failed.isAnyRecovered(["web"]))
    }

    @Test("what was made and not seen to serve is watched; that it serves is news, and mends no repair")
    func unproven() throws {
        let failed = FailedStarts(
            repairs: ["web"], ofStack: false, unproven: ["database", "gone"], beside: try DriftFixture().look())
        #expect(failed.watched == ["database", "web"])
        #expect(failed.isAnyRecovered(["database"]) && failed.recovered(["database"]) == [])
        #expect(failed.proven(["database"]) == ["database"] && failed.proven([]) == [])
    }

    @Test("a container that the plan does not have is mended when it is gone")
    func surplus() throws {
        let failed = FailedStarts(repairs: ["old"], ofStack: false, beside: try DriftFixture().look())
        #expect(failed.watched == [] && failed.recovered([]) == ["old"])
    }
}
