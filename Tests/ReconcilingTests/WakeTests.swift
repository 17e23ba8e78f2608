import Testing

@testable import Reconciling

@Suite("The pause between two cycles")
struct WakeTests {
    @Test("a pause ends early when the loop is woken, also by a wake that came before it")
    func woken() async {
        let wake = Wake()
        wake.now()
        #expect(await wake.wait(.seconds(60)) == .all)
        #expect(await wake.wait(.milliseconds(10)) == nil)
        async let waiting = wake.wait(.seconds(60))
        wake.now()
        #expect(await waiting == .all)
    }

    @Test("an event of the stack asks for no more than the stack, unless a look at everything was asked for beside it")
    func reasons() async {
        let wake = Wake()
        wake.now(.stack)
        #expect(await wake.wait(.seconds(60)) == .stack)
        wake.now()
        wake.now(.stack)
        #expect(await wake.wait(.seconds(60)) == .all)
        #expect(await wake.wait(.milliseconds(10)) == nil)
    }
}
