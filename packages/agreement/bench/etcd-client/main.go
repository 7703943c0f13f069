// Closed-loop clients of etcd on one connection to its leader: main ENDPOINTS execute|read CLIENTS MS
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"

	"go.etcd.io/etcd/clientv3"
)

func main() {
	endpoints := strings.Split(os.Args[1], ",")
	operation := os.Args[2]
	clients, _ := strconv.Atoi(os.Args[3])
	ms, _ := strconv.Atoi(os.Args[4])
	ctx := context.Background()

	client := connect([]string{leader(ctx, endpoints)})
	value := strings.Repeat("x", 100)
	if _, err := client.Put(ctx, "key", value); err != nil {
		fail(err)
	}
	operate := func() error { _, err := client.Put(ctx, "key", value); return err }
	if operation == "read" {
		operate = func() error { _, err := client.Get(ctx, "key"); return err }
	}

	times := make([][]float64, clients)
	var all sync.WaitGroup
	start := time.Now()
	until := start.Add(time.Duration(ms) * time.Millisecond)
	for i := 0; i < clients; i++ {
		all.Add(1)
		go func(i int) {
			defer all.Done()
			for before := time.Now(); before.Before(until); {
				if err := operate(); err != nil {
					fail(err)
				}
				now := time.Now()
				times[i] = append(times[i], float64(now.Sub(before).Microseconds())/1000)
				before = now
			}
		}(i)
	}
	all.Wait()
	seconds := time.Since(start).Seconds()
	var sorted []float64
	for _, each := range times {
		sorted = append(sorted, each...)
	}
	sort.Float64s(sorted)
	n := len(sorted)
	json.NewEncoder(os.Stdout).Encode(map[string]float64{"rate": float64(n) / seconds, "p50": sorted[n/2], "p99": sorted[n*99/100]})
}

func connect(endpoints []string) *clientv3.Client {
	client, err := clientv3.New(clientv3.Config{Endpoints: endpoints, DialTimeout: 10 * time.Second})
	if err != nil {
		fail(err)
	}
	return client
}

// The endpoint of the leader, once there is one.
func leader(ctx context.Context, endpoints []string) string {
	client := connect(endpoints)
	defer client.Close()
	for i := 0; i < 100; i++ {
		for _, endpoint := range endpoints {
			timely, cancel := context.WithTimeout(ctx, time.Second)
			status, err := client.Status(timely, endpoint)
			cancel()
			if err == nil && status.Leader != 0 && status.Leader == status.Header.MemberId {
				return endpoint
			}
		}
		time.Sleep(100 * time.Millisecond)
	}
	fail(fmt.Errorf("etcd has no leader"))
	return ""
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
