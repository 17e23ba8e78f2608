import Testing

@testable import Reconciling

@Suite("The pause between two cycles")
struct WakeTests {
    @Test("a pause ends early when the loop is woken, also by a wake that came before it")
    func woken() async {
        let wake = Wake()
        wake.now()
        #expect(await wake.wait(.seconds(60)))
        #expect(await !wake.wait(.milliseconds(10)))
        async let waiting = wake.wait(.seconds(60))
        wake.now()
        #expect(await waiting)
    }
}
