package server

import (
	"context"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"tenure/internal/api"
	"tenure/internal/db"
	"tenure/internal/mail"
	"tenure/internal/outbox"
	"tenure/internal/rate"
)

// metrics is what /metrics tells. It holds no name, address or identifier of
// anybody: routes stand for requests.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec

	mu    sync.RWMutex // guards known
	known map[series]prometheus.Observer
}

func newMetrics(s *Server, limits api.Limits) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(), known: map[series]prometheus.Observer{},
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "tenure_request_seconds", Help: "How long requests take, by route.",
			Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
		}, []string{"method", "route", "status"}),
	}
	gauge := func(name, help string, value func() float64) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, value)
	}
	m.registry.MustRegister(
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), m.requests, &outboxDepth{s.db},
		gauge("tenure_sessions_in_memory", "Sessions that are answered from memory.", func() float64 { return float64(s.sessions.Len()) }),
		gauge("tenure_api_keys_in_memory", "API keys that are answered from memory.", func() float64 { return float64(s.keys.Len()) }),
		gauge("tenure_streams_open", "Live streams of events that are open.", func() float64 { return float64(s.rooms.Trail.Open()) }),
		gauge("tenure_hashes_waiting", "Password hashes that wait or run.", func() float64 { return float64(s.hasher.Waiting()) }),
		gauge("tenure_writers_waiting", "Writers that wait for their turn.", func() float64 { return float64(s.db.Stats().Waiting) }),
		prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "tenure_writes_total", Help: "Writes that were committed."},
			func() float64 { return float64(s.db.Stats().Writes) }),
		prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "tenure_commits_total", Help: "Commits they took."},
			func() float64 { return float64(s.db.Stats().Commits) }),
	)
	if s.courier != nil {
		m.countMails(s.courier)
	}
	for of, limiter := range map[string]*rate.Limiter{"caller": limits.Callers, "address": limits.Addresses, "token": limits.Tokens} {
		if limiter == nil {
			continue
		}
		labels := prometheus.Labels{"of": of}
		m.registry.MustRegister(
			prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "tenure_rate_limited_total", Help: "Requests that were refused because their caller asks too often.", ConstLabels: labels},
				func() float64 { return float64(limiter.Refused()) }),
			prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "tenure_rate_limit_callers", Help: "Callers whose requests are counted now.", ConstLabels: labels},
				func() float64 { return float64(limiter.Len()) }),
		)
	}
	return m
}

// countMails tells how the tries to send a mail ended.
func (m *metrics) countMails(c *mail.Courier) {
	for end, count := range map[string]func(mail.Counts) int64{
		"sent":      func(n mail.Counts) int64 { return n.Sent },
		"failed":    func(n mail.Counts) int64 { return n.Failed },
		"postponed": func(n mail.Counts) int64 { return n.Postponed },
	} {
		m.registry.MustRegister(prometheus.NewCounterFunc(
			prometheus.CounterOpts{Name: "tenure_mails_total", Help: "Tries to send a mail, by their end.", ConstLabels: prometheus.Labels{"end": end}},
			func() float64 { return float64(count(c.Counts())) }))
	}
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

func (m *metrics) observe(method, pattern string, status int, took time.Duration) {
	m.of(series{knownMethod(method), pattern, status}).Observe(took.Seconds())
}

// series is the labels of a request. There are few: routes, known methods and
// statuses.
type series struct {
	method, pattern string
	status          int
}

// of remembers the histograms, which to look for takes longer than to observe.
func (m *metrics) of(s series) prometheus.Observer {
	m.mu.RLock()
	o := m.known[s]
	m.mu.RUnlock()
	if o == nil {
		o = m.requests.WithLabelValues(s.method, s.pattern, strconv.Itoa(s.status))
		m.mu.Lock()
		defer m.mu.Unlock()
		m.known[s] = o
	}
	return o
}

// knownMethod bounds the label: anybody can send any word as a method.
func knownMethod(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return method
	default:
		return "other"
	}
}

// outboxDepth asks the store when it is asked.
type outboxDepth struct{ db *db.DB }

var (
	mailsQueued = prometheus.NewDesc("tenure_outbox_queued", "Mails that wait to be sent.", nil, nil)
	mailsOldest = prometheus.NewDesc("tenure_outbox_oldest_seconds", "How long the oldest of them has waited.", nil, nil)
)

// Describe names what is collected.
func (*outboxDepth) Describe(to chan<- *prometheus.Desc) {
	to <- mailsQueued
	to <- mailsOldest
}

// Collect measures the outbox.
func (o *outboxDepth) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	var depth outbox.Depth
	err := o.db.Read(ctx, func(tx *db.Tx) (err error) {
		depth, err = outbox.Measure(ctx, tx)
		return err
	})
	if err != nil {
		to <- prometheus.NewInvalidMetric(mailsQueued, err)
		return
	}
	waited := 0.0
	if depth.Queued > 0 {
		waited = o.db.Now().Sub(depth.Oldest).Seconds()
	}
	to <- prometheus.MustNewConstMetric(mailsQueued, prometheus.GaugeValue, float64(depth.Queued))
	to <- prometheus.MustNewConstMetric(mailsOldest, prometheus.GaugeValue, waited)
}
