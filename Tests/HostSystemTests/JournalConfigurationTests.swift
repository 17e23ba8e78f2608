import HostSystem
import TestSupport
import Testing

@Suite("What systemd's journal goes by")
struct JournalConfigurationTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func configuration(_ files: [String: String]) throws -> JournalConfiguration {
        for (path, text) in files { try scratch.write(text, to: path) }
        return try JournalConfiguration(root: scratch.path)
    }

    @Test("without a word in any file its rate is limited")
    func standard() throws {
        let text = "[Journal]\n#RateLimitIntervalSec=0\n;RateLimitBurst=0\n"
        let found = try configuration(["etc/systemd/journald.conf": text])
        #expect(found.limitsRate && found.interval.value == "30s" && found.burst.value == "10000")
        #expect(found.interval.file == nil && found.storage.value == "auto")
    }

    @Test(
        "a limit needs both, and nothing else takes it away",
        arguments: [
            ("RateLimitIntervalSec=0", false), ("RateLimitIntervalSec = 0s", false),
            ("RateLimitInterval=0min 0s", false),
            ("RateLimitBurst=0", false), ("RateLimitBurst=0\nRateLimitBurst=500", true),
            ("RateLimitIntervalSec=5min", true), ("RateLimitIntervalSec=0.5s", true),
            ("RateLimitIntervalSec=infinity", true), ("RateLimitBurst=none", true), ("RateLimitBurst=", true),
            ("RateLimitInterval\\\nSec=0", true), ("RateLimitIntervalSec=\\\n  0", false),
            ("[Other]\nRateLimitBurst=0", true), ("[Other]\nX=1\n[Journal]\nRateLimitBurst=0", false),
        ])
    func limit(lines: String, isLimited: Bool) throws {
        let found = try configuration(["etc/systemd/journald.conf": "[Journal]\n\(lines)\n"])
        #expect(found.limitsRate == isLimited)
    }

    @Test("drop-ins count by their names, whatever directory they lie in, and the last word holds")
    func order() throws {
        let found = try configuration([
            "etc/systemd/journald.conf": "[Journal]\nRateLimitBurst=1\n",
            "usr/lib/systemd/journald.conf": "[Journal]\nStorage=none\n",
            "etc/systemd/journald.conf.d/50-fairlead.conf": "[Journal]\nRateLimitIntervalSec=0\n",
            "run/systemd/journald.conf.d/90-late.conf": "[Journal]\nRateLimitIntervalSec=10s\n",
            "usr/lib/systemd/journald.conf.d/99-other.note": "[Journal]\nRateLimitIntervalSec=7s\n",
        ])
        #expect(found.limitsRate && found.burst.value == "1" && found.storage.value == "auto")
        #expect(found.interval.value == "10s")
        #expect(found.interval.file == "/run/systemd/journald.conf.d/90-late.conf")
    }

    @Test("of two drop-ins of one name that of the operator counts, also to put the other one out of force")
    func masked() throws {
        let found = try configuration([
            "usr/lib/systemd/journald.conf.d/60-vendor.conf": "[Journal]\nRateLimitBurst=0\n",
            "etc/systemd/journald.conf.d/60-vendor.conf": "",
        ])
        #expect(found.limitsRate)
        // Without a file of the operator the vendor's main file is the one.
        let vendor = try configuration(["usr/lib/systemd/journald.conf": "[Journal]\nStorage=none\n"])
        #expect(vendor.storage.value == "none")
    }
}
