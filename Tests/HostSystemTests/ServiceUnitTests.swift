import Testing

@testable import HostSystem

@Suite("What systemd says of the daemon's unit")
struct ServiceUnitTests {
    @Test(
        "the first word counts; a unit that systemd does not know is none",
        arguments: [
            ("enabled\n", "enabled"), ("disabled\n", "disabled"), ("", nil), (nil, nil), ("not-found\n", nil),
        ] as [(String?, String?)])
    func word(output: String?, word: String?) { #expect(ServiceUnit.word(output) == word) }
}
